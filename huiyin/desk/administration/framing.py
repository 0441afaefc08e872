"""What the settings pages share: which there are and for whom, the frame they stand in, and how a refusal is said."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.channels.actions.trying import MailRefused
from huiyin.complaints.errors import Refused as ComplaintRefused
from huiyin.desk.administration.telling import told
from huiyin.desk.pages import Request, at_desk, show
from huiyin.lib.clean import clean_line
from huiyin.lib.phrasing import clauses
from huiyin.notices.errors import Refused as NoticesRefused
from huiyin.org.errors import Refused as OrgRefused
from huiyin.org.models import Change
from huiyin.org.rules import Right, may
from huiyin.sla.errors import Refused as SlaRefused
from huiyin.triage.errors import Refused as TriageRefused

REFUSALS = (OrgRefused, TriageRefused, SlaRefused, ComplaintRefused, NoticesRefused, MailRefused, ValidationError)
SHOWN_CHANGES, LONGEST = 5, 100
View = Callable[..., HttpResponseBase]


class Section(NamedTuple):
    """One page of the settings; `words` are what it is also found by."""

    key: str
    label: str | Promise
    text: str | Promise
    icon: str
    right: Right
    words: str | Promise

    @property
    def url(self) -> str:
        return reverse(f"desk:settings-{self.key}")


CONFIGURE = Right.CONFIGURE
GROUPS: tuple[tuple[str | Promise, tuple[Section, ...]], ...] = (
    (
        _("公司"),
        (
            Section(
                "start",
                _("启用引导"),
                _("把演示公司换成您自己的公司"),
                "checklist",
                CONFIGURE,
                _("开始 步骤 演示 移除 导入 备份"),
            ),
            Section(
                "company",
                _("公司与外观"),
                _("公司名称、标志、主色"),
                "palette",
                CONFIGURE,
                _("名称 英文名 标志 logo 颜色 主题 时区 对比度"),
            ),
        ),
    ),
    (
        _("组织与权限"),
        (
            Section(
                "units",
                _("单位与成员"),
                _("一棵树：增加、移动、改名、停用"),
                "sitemap",
                CONFIGURE,
                _("组织 部门 分公司 营业厅 班组 移动 上级 停用 编码"),
            ),
            Section(
                "members",
                _("成员名册"),
                _("账号、角色、直接上级、语言、密码"),
                "users",
                CONFIGURE,
                _("员工 工号 姓名 密码 在岗 离岗 角色 邮箱 账号"),
            ),
            Section(
                "roles",
                _("角色与权限"),
                _("谁能看什么、做什么"),
                "shield-check",
                CONFIGURE,
                _("权限 矩阵 字段 可见 保密 审批"),
            ),
            Section(
                "division",
                _("职责分工"),
                _("每一步谁负责、谁执行、问谁、告诉谁；各部门接口人"),
                "clipboard-list",
                CONFIGURE,
                _("RACI 矩阵 职责 接口人 流程 步骤 部门 负责 执行 咨询 知会"),
            ),
        ),
    ),
    (
        _("投诉如何处理"),
        (
            Section(
                "categories",
                _("投诉类别"),
                _("目录树、关键词、默认等级、主管部门"),
                "tags",
                CONFIGURE,
                _("目录 大类 末级 停用 接替 关键词 等级 主管"),
            ),
            Section(
                "elements",
                _("受理要素"),
                _("登记时问什么，必填与选填"),
                "clipboard-list",
                CONFIGURE,
                _("字段 表单 必填 选填 登记"),
            ),
            Section(
                "tiers",
                _("客户分级"),
                _("谁是 VIP：合同、贡献、年限；每天夜里重算"),
                "star",
                Right.SET_POLICY,
                _("VIP 客户级别 价值 贡献 合作年限 分位 规则"),
            ),
            Section(
                "routing",
                _("派单规则"),
                _("什么情况派给谁；拿一段文字试试"),
                "arrow-forward-up",
                CONFIGURE,
                _("路由 派单 主办 协办 试一试 自动"),
            ),
        ),
    ),
    (
        _("怎样对客户说"),
        (
            Section(
                "scripts",
                _("话术"),
                _(":: 带出的快捷短语，各渠道的说法和填空"),
                "message-2",
                Right.EDIT_KNOWLEDGE,
                _("文本模块 快捷短语 模板 填空 占位符 电话 短信 邮件 开头 结尾"),
            ),
            Section(
                "phrases",
                _("禁语与规范用语"),
                _("不能对客户说的话，须有的话；拿一段话试试"),
                "ban",
                Right.EDIT_KNOWLEDGE,
                _("服务禁语 敏感词 拦截 正则 改写"),
            ),
            Section(
                "letters",
                _("信函与通知模板"),
                _("受理通知、验证码等系统自动发出的文字"),
                "mail-opened",
                Right.EDIT_KNOWLEDGE,
                _("回执 短信 邮件 验证码 主题 模板 占位符"),
            ),
        ),
    ),
    (
        _("时限"),
        (
            Section(
                "promises",
                _("时限政策"),
                _("响应、方案、解决各要多久；先看效果再保存"),
                "clock",
                Right.SET_POLICY,
                _("SLA 截止 超时 承诺 工作时间 版本 小时 工作日"),
            ),
            Section(
                "hours",
                _("工作时间"),
                _("每天的营业时段、午休、每周上班日"),
                "clock-hour-4",
                Right.SET_POLICY,
                _("营业 午休 时段 周末 上班 下班 日历"),
            ),
            Section(
                "days",
                _("特殊日期"),
                _("公司自己的假期和调休上班日"),
                "calendar",
                Right.SET_POLICY,
                _("节假日 假期 调休 补班 日历 休息"),
            ),
            Section(
                "holidays",
                _("导入放假安排"),
                _("从 iCal 或 YAML 文件导入整年的放假和调休"),
                "calendar-down",
                Right.SET_POLICY,
                _("ics 国务院 节假日 调休 订阅 更新"),
            ),
            Section(
                "reckoning",
                _("重算时限"),
                _("日历改了以后，让正在计时的按新日历重算"),
                "refresh",
                Right.SET_POLICY,
                _("重新计算 暂定 正在计时 影响"),
            ),
            Section(
                "red",
                _("红色通道"),
                _("什么情况立即呼叫、先呼叫谁、多久再呼叫"),
                "flame",
                CONFIGURE,
                _("紧急 应急小组 一级 呼叫 舆情 爆发 会诊 危机"),
            ),
            Section(
                "regulations",
                _("监管要求"),
                _("12315、12345、消协、电信、银行保险等的时限；支持，未认证"),
                "scale",
                Right.SET_POLICY,
                _("监管 转办 申诉 12315 12345 消协 法规 FCA CFPB 外部编号"),
            ),
        ),
    ),
    (
        _("质检评审"),
        (
            Section(
                "scorecard",
                _("评分表"),
                _("评审时看哪几项、各占多少分、哪些是致命项"),
                "clipboard-check",
                CONFIGURE,
                _("评分卡 质检 评审 权重 计分项 致命项 零容忍 一票否决 总分"),
            ),
            Section(
                "sampling",
                _("抽检规则"),
                _("每月抽多少、哪些必查、多少由两人评；先看效果再保存"),
                "adjustments-horizontal",
                CONFIGURE,
                _("抽样 质检 比例 必查 双人评分 Kappa 一致性 申诉期"),
            ),
        ),
    ),
    (
        _("往来与记录"),
        (
            Section(
                "channels",
                _("渠道与邮件"),
                _("发信服务器、短信、嵌入网站、柜台二维码；给自己发一封测试邮件"),
                "mail",
                CONFIGURE,
                _(
                    "SMTP 发信 发件人 邮箱 服务器 端口 加密 SSL STARTTLS 账号 密码 "
                    "短信 网关 嵌入 iframe 柜台 二维码 海报 门户 接口 令牌 AI"
                ),
            ),
            Section(
                "notices",
                _("通知去向"),
                _("群机器人、Webhook；发一条试试；没有送达的"),
                "bell",
                CONFIGURE,
                _("企业微信 钉钉 飞书 机器人 webhook 短信 apprise 提醒 预警"),
            ),
            Section(
                "notice-words",
                _("通知模板"),
                _("每种通知怎么说，中文和英文"),
                "quote",
                CONFIGURE,
                _("文案 模板 占位 预览 提醒 英文"),
            ),
            Section(
                "erasure",
                _("抹除客户信息"),
                _("应客户要求删除其个人信息，投诉保留"),
                "eye-off",
                Right.ERASE_CUSTOMER,
                _("个人信息 删除 隐私 PIPL 注销 客户要求"),
            ),
            Section(
                "history",
                _("变更记录"),
                _("谁在什么时候把什么改成了什么"),
                "history",
                Right.SET_POLICY,
                _("历史 修改 日志 审计"),
            ),
        ),
    ),
)
BY_KEY = {section.key: section for _label, sections in GROUPS for section in sections}


def open_to(request: Request) -> list[tuple[str, list[Section]]]:
    """The groups with the pages that this member may open."""
    shown = [(label, [each for each in sections if may(request.user, each.right)]) for label, sections in GROUPS]
    return [(str(label), sections) for label, sections in shown if sections]


def page_of(key: str) -> Callable[[View], View]:
    """For members who have the page's right, at the desk."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, BY_KEY[key].right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return at_desk(inner)

    return decorate


def show_settings(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    section: str,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    """The page beside the list of all pages of the settings."""
    framed = {
        "groups": open_to(request),
        "has_home": may(request.user, BY_KEY["history"].right),
        "section": BY_KEY.get(section),
        **(context or {}),
    }
    return show(request, f"desk/settings/{template}.html", framed, at=at, status=status)


def changes(
    request: Request, *areas: Change.Area, subject: str = "", subjects: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The latest changes of these areas, or of one thing or some things there, as sentences."""
    found = Change.objects.visible_to(request.user).filter(area__in=areas).select_related("made_by")
    if subject:
        found = found.filter(subject=subject)
    if subjects:
        found = found.filter(subject__in=subjects)
    return [told(change) for change in found[:SHOWN_CHANGES]]


def asked_of(request: Request) -> str:
    """What the page's search was given."""
    return clean_line(request.GET.get("q", "")[:LONGEST])


def fits(asked: str, *words: object) -> bool:
    """Whether all that was asked for is in the words."""
    said = " ".join(map(str, words)).casefold()
    return all(part in said for part in asked.casefold().split())


def refused(form: forms.BaseForm, refusal: Exception) -> None:
    """The action's sentence above the form; a field's own where the fault names one."""
    if isinstance(refusal, ValidationError):
        if hasattr(refusal, "error_dict"):
            for name, said in refusal.message_dict.items():
                form.add_error(name if name in form.fields else None, said)
        else:
            form.add_error(None, refusal.messages)
        return
    faults: Sequence[str] = getattr(refusal, "faults", [])
    form.add_error(None, [*([] if faults else [str(refusal)]), *faults])


def sentence(refusal: Exception) -> str:
    return clauses(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
