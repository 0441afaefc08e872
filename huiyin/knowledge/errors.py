"""What an editor of the library may be refused, with a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.org.errors import Refused


class MayNotEdit(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有知识库编辑和系统管理员可以修改。"))


class CodeTaken(Refused):
    def __init__(self, code: str) -> None:
        super().__init__(_("编码“%s”已被使用。") % code)


class TextUnsound(Refused):
    """`faults` are sentences, all of them at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


class MayNotArchive(Refused):
    def __init__(self) -> None:
        super().__init__(_("只有知识库编辑、投诉主管和客服负责人可以归档案例。"))
