"""What a member does on the complaint page, as data: its place, its form, the one action behind it, the words after."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.compensation.actions import offering
from huiyin.complaints.actions import (
    archiving,
    attaching,
    closing,
    guiding,
    judging,
    keeping,
    merging,
    noting,
    regrading,
    replying,
    reviewing,
    scheduling,
    tiering,
    waiting,
)
from huiyin.complaints.models import Complaint, Letter
from huiyin.customers.tiers import Facts
from huiyin.desk import mentioned, quality, regulatory, timing
from huiyin.desk.deed import Deed, Given, Said
from huiyin.desk.forms import archiving as archiving_forms
from huiyin.desk.forms import guiding as guiding_forms
from huiyin.desk.forms import moves, offers, orders
from huiyin.desk.forms import quality as forms_quality
from huiyin.desk.forms import regrading as regrading_forms
from huiyin.desk.forms import tiers as tier_forms
from huiyin.dispatch.actions import dispatching
from huiyin.knowledge.models import Playbook
from huiyin.org.actors import Actor


def _take_up(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    reviewing.take_up(complaint, actor=actor, at=at)


def _review(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    reviewing.review(
        complaint,
        category=given["category"],
        severity=given["severity"],
        complexity=given["complexity"],
        issues=given["issues"],
        note=given["note"],
        actor=actor,
        at=at,
    )


def _return(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    reviewing.return_intake(complaint, reason=given["reason"], actor=actor, at=at)


def _resubmit(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    reviewing.resubmit(complaint, supplement=given["supplement"], actor=actor, at=at)


def _resolve_on_spot(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    replying.resolve_on_spot(
        complaint,
        explanation=given["explanation"],
        customer_agreed=given["customer_agreed"],
        cause=given["cause"],
        breach_reason=given.get("breach_reason", ""),
        actor=actor,
        at=at,
    )


def _merge(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    merging.merge(complaint, into=given["into"], actor=actor, at=at)


def _unmerge(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    merging.unmerge(complaint, reason=given["reason"], actor=actor, at=at)


def _dispatch(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    dispatching.dispatch(complaint, orders=given["orders"], actor=actor, at=at)


def _assign(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Said:
    event = keeping.assign(complaint, to=given["to"], actor=actor, at=at)
    return Said(gettext("负责人已指定。"), undo=reverse("desk:assignment-return", args=[complaint.number, event.seq]))


def _judge(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    judging.judge(
        complaint,
        value=given["value"],
        reason=given["reason"],
        evidence=given["evidence"],
        cause=given["cause"],
        actor=actor,
        at=at,
    )


def _confirm(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    judging.confirm_latest(complaint, actor=actor, at=at)


def _interim(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    waiting.settle_for_now(complaint, plan=given["plan"], follow_up_on=given["follow_up_on"], actor=actor, at=at)


def _answer_not_valid(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    judging.answer_not_valid(complaint, actor=actor, at=at)


def _write(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    words = {name: given[name] for name in ("channel", "subject", "body", "promise_until")}
    words |= {"files": _files(given), "kept": [int(pk) for pk in given["enclosed"]]}
    if given["keep_draft"]:
        replying.draft(complaint, **words, actor=actor, at=at)
        return gettext("草稿已保存，只有您能看到。")
    words |= {
        "is_final": given["purpose"] == Letter.Purpose.FINAL,
        "ask": given["purpose"] == Letter.Purpose.QUESTION,
        "cause": given["cause"],
        "breach_reason": given.get("breach_reason", ""),
    }
    listened = given.get("listened", ())
    waits = timedelta(seconds=settings.HUIYIN_UNDO_SECONDS)
    if given["channel"] == Letter.Channel.EMAIL and given["reached"] and (waits or given["send_at"]):
        waiting_letter = scheduling.schedule(
            complaint, **words, send_at=given["send_at"] or at + waits, actor=actor, at=at
        )
        undo = reverse("desk:letter-return", args=[complaint.number, waiting_letter.pk])
        seconds = 0 if given["send_at"] else settings.HUIYIN_UNDO_SECONDS
        return Said(
            gettext("已写好，到时发出；发出前可以撤回。"), undo=undo, seconds=seconds, is_all=bool(words["is_final"])
        )
    replying.send(complaint, **words, reached=given["reached"], listened=listened, actor=actor, at=at)
    return None


def _files(given: Given) -> list[tuple[str, Iterable[bytes]]]:
    return [(file.name or "", file.chunks()) for file in given["files"]]


def _close(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    words = {"note": given["note"], "breach_reason": given.get("breach_reason", "")}
    closing.close(complaint, outcome=given["outcome"], **words, actor=actor, at=at)


def _reopen(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    closing.reopen(complaint, reason=given["reason"], stars=given["stars"], actor=actor, at=at)


def _withdraw(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    closing.withdraw(complaint, reason=given["reason"], actor=actor, at=at)


def _go_external(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    closing.go_external(complaint, reason=given["reason"], actor=actor, at=at)


def _return_from_external(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    closing.return_from_external(complaint, reason=given["reason"], actor=actor, at=at)


def _opine(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    noting.opine(complaint, text=given["text"], actor=actor, at=at)


def _guide(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    guiding.begin(complaint, method=given["method"], evidence=given["evidence"], actor=actor, at=at)


def _take_step(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    guiding.take_step(complaint, step=given["step"], actor=actor, at=at)


def _confirm_guidance(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    guiding.confirm(complaint, actor=actor, at=at)


def _end_guidance(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    guiding.end(complaint, actor=actor, at=at)


def _recuse(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    keeping.recuse(complaint, employee=given["employee"], actor=actor, at=at)


def _set_confidential(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    keeping.set_confidential(complaint, confidential=given["confidential"], actor=actor, at=at)


def _set_brand(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    keeping.set_brand(complaint, brand=given["brand"], actor=actor, at=at)


def _offer(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    made = offering.offer(complaint, terms=given["terms"], actor=actor, at=at)
    return gettext("补偿方案已提出，等待审批。") if made.waits_for else gettext("补偿方案已生效，请客户选择。")


def _set_tier(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    tier, reason, until = given["tier"], given["reason"], given["until"]
    today = timezone.localdate(at)
    tiering.override(complaint, tier=tier, reason=reason, until=until, today=today, actor=actor, at=at)


def _know_worth(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    facts = Facts(given["contribution"], given["since"], given["is_by_contract"])
    tiering.know(complaint, facts=facts, reason=given["reason"], today=timezone.localdate(at), actor=actor, at=at)


def _regrade(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    level = {name: given[name] for name in ("severity", "complexity", "reason")}
    regrading.regrade(complaint, **level, actor=actor, at=at)


def _archive(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    playbook = Playbook.objects.filter(code=given["playbook"]).first()
    texts = {name: given[name] for name in archiving.TEXTS}
    values = {**texts, "categories": [given["category"]], "playbook": playbook}
    case = archiving.archive(complaint, values=values, actor=actor, at=at)
    return gettext("已归档为典型案例 %s。") % case.code


def _note(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    note = noting.note(complaint, text=given["text"], files=_files(given), actor=actor, at=at)
    assert actor.member is not None  # who notes at the desk sits there
    said = [gettext("备注已保存。"), *mentioned.sentences(note, to=actor.member, at=at)]
    return Said("".join(said), undo=reverse("desk:note-return", args=[complaint.number, note.pk]))


def attach(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    attaching.attach_all(complaint, files=_files(given), actor=actor, at=at)


ON_COMPLAINTS: tuple[Deed, ...] = (
    Deed("resolution", "resolve_on_spot", moves.OnSpotForm, _resolve_on_spot, _("已当场解决。"), _("当场解决"),
         _("写明如何解释或解决，客户同意后不再派单。"), "circle-check"),
    Deed("taking-up", "take_up", moves.PlainForm, _take_up, _("已由您复核。"), _("开始复核"),
         _("由您接手核对类型、等级和问题点，别人不再重复做。"), "user-check"),
    Deed("review", "review", moves.ReviewForm, _review, _("复核通过，工单生效。"), _("复核通过"),
         _("确认或改正类型、等级和问题点；之后派单。"), "clipboard-check"),
    Deed("return", "return_intake", moves.ReturnForm, _return, _("已退回受理人补充。"), _("退回补充"),
         _("退回前台，写明缺什么。"), "arrow-back-up"),
    Deed("resubmission", "resubmit", moves.ResubmitForm, _resubmit, _("已重新提交复核。"), _("补充后重新提交"),
         _("补上缺的内容，回到复核。"), "arrow-forward-up"),
    Deed("dispatch", "dispatch", orders.DispatchForm, _dispatch, _("工单已派出。"), _("派单"),
         _("派给一个或几个单位，各自签收、处理、审核。"), "send"),
    Deed("renewed-dispatch", "redispatch_reopened", orders.DispatchForm, _dispatch, _("工单已重新派出。"),
         _("重新派单"), _("须交给另一位处理人。"), "send"),
    Deed("letters", "reply", guiding_forms.WordedLetterForm, _write, _("已反馈客户。"), _("反馈客户"),
         _("把处理结果告诉客户；部门的答复只在内部可见。"), "mail"),
    Deed("letters", "inform", guiding_forms.WordedLetterForm, _write, _("已记录与客户的联系。"), _("联系客户"),
         _("告知进展，或请客户补充。"), "phone-call"),
    Deed("closure", "close", moves.CloseForm, _close, _("已结案。"), _("结案"), _("记录客户的意见。"), "archive"),
    Deed("validity-confirmation", "confirm", moves.PlainForm, _confirm, _("成立判断已确认。"), _("确认成立判断"),
         _("由您作为第二人确认，之后按此答复客户。"), "scale"),
    Deed("answer", "answer_not_valid", moves.PlainForm, _answer_not_valid, _("已转答复客户。"), _("转答复客户"),
         _("不成立的投诉同样要委婉答复。"), "mail"),
    timing.RESUME,
    Deed("reopening", "reopen", moves.ReopenForm, _reopen, _("已重开。"), _("重开"),
         _("客户不认可时重开，时限重新起算。"), "refresh", "danger"),
    Deed("external-return", "return_from_external", moves.ExternalReturnForm, _return_from_external,
         _("已转回待反馈。"), _("外部处理有结果"), _("记下结果，回到待反馈。"), "arrow-back-up"),
    Deed("validity", "judge", moves.JudgeForm, _judge, _("成立判断已提出，等待另一人确认。"), _("成立判断"),
         _("写明理由和证据，由另一人确认。"), "scale", is_quiet=True),
    *timing.DEEDS,
    Deed("interim", "interim", moves.InterimForm, _interim, _("已记为阶段性处理。"), _("阶段性处理"),
         _("部分已解决，到期自动提醒跟踪。"), "clock", is_quiet=True),
    Deed("merger", "merge", moves.MergeForm, _merge, _("已合并。"), _("合并"),
         _("与另一件是同一事项；可以撤销。"), "git-merge", is_quiet=True),
    Deed("separation", "unmerge", moves.ReasonForm, _unmerge, _("已撤销合并。"), _("撤销合并"),
         _("两件投诉各自继续。"), "git-merge"),
    Deed("assignment", "assign", moves.AssignForm, _assign, _("负责人已指定。"), _("指定负责人"),
         icon="user", is_quiet=True),
    Deed("withdrawal", "withdraw", moves.WithdrawForm, _withdraw, _("已记录客户撤回。"), _("客户撤回"),
         icon="archive", tone="danger", is_quiet=True),
    Deed("external", "external", moves.ExternalForm, _go_external, _("已转外部争议处理。"), _("转外部争议处理"),
         icon="scale", is_quiet=True),
    Deed("legal-opinion", "opine", moves.OpinionForm, _opine, _("法务意见已记录。"), _("法务意见"),
         _("有的类型没有法务意见不能结案。"), "scale", minds_changes=False),
    Deed("guidance", "guide", guiding_forms.GuideForm, _guide, _("已选择处理方法。"), _("处理方法"),
         _("按步骤处理，每一步有提示和话术。"), "clipboard-list", minds_changes=False, is_quiet=True),
    Deed("guidance-steps", "guide", guiding_forms.StepForm, _take_step, _("这一步已完成。"), _("完成这一步"),
         minds_changes=False, is_inside=True),
    Deed("guidance-confirmation", "guide", moves.PlainForm, _confirm_guidance, _("行为证据已确认。"),
         _("确认证据属实"), minds_changes=False, is_inside=True),
    Deed("guidance-end", "guide", moves.PlainForm, _end_guidance, _("不再使用这个方法。"), _("不再使用"),
         minds_changes=False, is_inside=True),
    Deed("recusal", "recuse", moves.RecuseForm, _recuse, _("已设置回避。"), _("回避"), icon="eye-off", is_quiet=True),
    Deed("confidentiality", "set_confidential", moves.ConfidentialForm, _set_confidential, _("保密设置已更新。"),
         _("保密"), icon="lock", is_quiet=True),
    Deed("brand", "set_brand", moves.BrandForm, _set_brand, _("品牌已更正。"), _("更正品牌"), icon="pencil",
         minds_changes=False, is_quiet=True),
    Deed("offers", "offer", offers.OfferForm, _offer, _("补偿方案已提出。"), _("提出补偿方案"),
         _("给客户两个以上的方案；超出权限的由他人审批。"), "scale", is_quiet=True),
    Deed("incident", "join_incident", forms_quality.IncidentForm, quality.join_incident, _("已列入事件。"),
         _("列入事件"),
         _("与别的投诉同属一个安全、故障、重大客情或重复问题；各部门按任务清单行动。"), "flame", minds_changes=False,
         is_quiet=True),
    Deed("investigation", "investigate", forms_quality.InvestigationForm, quality.open_investigation,
         _("8D 调查已建立。"), _("开展 8D 调查"), _("成立小组，逐步查明原因，防止再发生。"), "search",
         minds_changes=False, is_quiet=True),
    Deed("grade", "regrade", regrading_forms.RegradeForm, _regrade, _("已重新定级，时限已重算。"), _("重新定级"),
         _("情况比原来严重或轻时改等级和复杂度，时限从原来的起点重算。"), "flame", is_quiet=True),
    Deed("tier", "set_tier", tier_forms.TierForm, _set_tier, _("客户级别已指定。"), _("客户级别"),
         _("规则定的级别不合适时人工指定，写明原因和到期日。"), "star", minds_changes=False, is_quiet=True),
    Deed("worth", "keep_worth", tier_forms.WorthForm, _know_worth, _("客户资料已更新。"), _("客户贡献与合作年限"),
         _("贡献、合同和合作年限变了就更新，级别按规则重定。"), "users", minds_changes=False, is_quiet=True),
    Deed("archiving", "archive", archiving_forms.ArchiveForm, _archive, _("已归档。"), _("归档为典型案例"),
         _("写成知识库里的案例，供处理类似投诉的同事参考。"), "book", minds_changes=False, is_quiet=True),
    *regulatory.DEEDS,
    Deed("notes", "note", moves.NoteForm, _note, _("备注已保存。"), _("备注"), icon="note", minds_changes=False),
    Deed("attachments", "attach", moves.AttachForm, attach, _("附件已上传。"), _("上传附件"), icon="paperclip",
         minds_changes=False),
)  # fmt: skip
