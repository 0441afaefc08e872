"""受理要素 on the screen: what each element is called, how it is asked for, and which column it is kept in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.desk.reading import Reader
from huiyin.triage.queries import questions


@dataclass(frozen=True)
class Element:
    """`kept_in`: the field of the form that answers it as well; `asked`: how, see triage's Question.Kind."""

    label: Any
    asked: str = "line"
    kept_in: str = ""


FILES = "files"
ELEMENTS: dict[str, Element] = {
    "complainant_name": Element(_("投诉人姓名"), kept_in="name"),
    "contact_phone_or_email": Element(_("联系电话或邮箱"), kept_in="phone"),
    "contact": Element(_("联系方式"), kept_in="phone"),
    "channel": Element(_("受理渠道"), kept_in="channel"),
    "received_at": Element(_("受理时间"), kept_in="received_at"),
    "category_code": Element(_("受理类型"), kept_in="category"),
    "summary": Element(_("投诉内容"), kept_in="text"),
    "content": Element(_("投诉内容"), kept_in="text"),
    "event_desc": Element(_("事情经过"), kept_in="text"),
    "defect_desc": Element(_("不良描述"), kept_in="text"),
    "fact_statement": Element(_("事实陈述"), kept_in="text"),
    "expectation": Element(_("客户期望"), kept_in="expectation"),
    "claim": Element(_("诉求"), kept_in="expectation"),
    "emotion_level": Element(_("情绪等级"), kept_in="emotion"),
    "occurred_unknown": Element(_("发生时间或地点"), kept_in="occurred_unknown"),
    "occurred_at": Element(_("发生时间"), kept_in="occurred_at"),
    "start_time": Element(_("故障开始时间"), kept_in="occurred_at"),
    "occurred_place": Element(_("发生地点"), kept_in="occurred_place"),
    "location": Element(_("发生地点"), kept_in="occurred_place"),
    "sku": Element("SKU", kept_in="sku"),
    "sku_or_model": Element(_("SKU 或型号"), kept_in="sku"),
    "order_no": Element(_("订单号"), kept_in="order_no"),
    "batch": Element(_("批次"), kept_in="batch"),
    "batch_or_serial": Element(_("批次或序列号"), kept_in="batch"),
    "photo": Element(_("照片"), FILES),
    "photo_outer": Element(_("外包装照片"), FILES),
    "photo_inner": Element(_("内件照片"), FILES),
    "page_screenshot": Element(_("页面截图"), FILES),
    "receipt": Element(_("小票或发票"), FILES),
    "attachments": Element(_("附件"), FILES),
    "on_behalf_of": Element(_("代谁投诉")),
    "relation": Element(_("与当事人关系")),
    "product": Element(_("产品名称")),
    "amount": Element(_("涉及金额（元）")),
    "prior_case_no": Element(_("原投诉编号")),
    "language": Element(_("语言")),
    "vulnerable_flag": Element(_("需特别关照的情况")),
    "consent_publish": Element(_("是否同意公开")),
    "purchase_date": Element(_("购买日期"), "day"),
    "symptom": Element(_("故障现象")),
    "serial_no": Element(_("序列号")),
    "usage_condition": Element(_("使用环境")),
    "tried_steps": Element(_("已尝试的办法")),
    "customer_company": Element(_("客户单位")),
    "part_no": Element(_("料号")),
    "drawing_rev": Element(_("图纸版本")),
    "qty_received": Element(_("到货数量")),
    "qty_ng": Element(_("不良数量")),
    "line_stop": Element(_("是否停线")),
    "test_method": Element(_("检验方法")),
    "claim_amount": Element(_("索赔金额（元）")),
    "delivery_note": Element(_("送货单号")),
    "injury_status": Element(_("人员受伤情况")),
    "current_danger": Element(_("目前是否仍有危险")),
    "contact_on_site": Element(_("现场联系人")),
    "hospital": Element(_("就诊医院")),
    "police_report": Element(_("报警回执")),
    "loss_estimate": Element(_("损失估计（元）")),
    "production_date": Element(_("生产日期"), "day"),
    "purchase_place": Element(_("购买地点")),
    "health_status": Element(_("身体状况")),
    "sample_kept": Element(_("是否留样")),
    "service_contact": Element(_("接待人员或窗口")),
    "service_contact_time": Element(_("接触服务的时间"), "moment"),
    "service_time": Element(_("接触服务的时间"), "moment"),
    "service_channel": Element(_("接触服务的渠道")),
    "agent_id": Element(_("客服工号")),
    "outlet": Element(_("营业网点")),
    "recording_ref": Element(_("录音编号")),
    "repair_order_no": Element(_("维修单号")),
    "request_date": Element(_("报修日期"), "day"),
    "current_status": Element(_("目前状态")),
    "visits": Element(_("上门次数")),
    "charge": Element(_("收费（元）")),
    "part_name": Element(_("更换部件")),
    "campaign_name": Element(_("活动名称")),
    "coupon_no": Element(_("优惠券号")),
    "price_seen": Element(_("看到的价格（元）")),
    "pay_channel": Element(_("支付方式")),
    "pay_time": Element(_("支付时间"), "moment"),
    "bank_tail": Element(_("银行卡后四位")),
    "transaction_no": Element(_("交易流水号")),
    "evidence_list": Element(_("证据清单")),
    "evidence": Element(_("证据清单")),
    "law_cited": Element(_("援引的法律")),
    "other_authority_filed": Element(_("是否已向其他机构投诉")),
    "waybill_no": Element(_("运单号")),
    "promised_date": Element(_("承诺送达日期"), "day"),
    "package_state": Element(_("包裹状况")),
    "sign_name": Element(_("签收人")),
    "phone_no": Element(_("业务号码")),
    "phone_no_or_account": Element(_("业务号码或账号")),
    "brand": Element(_("品牌")),
    "business_name": Element(_("业务名称")),
    "period": Element(_("账期或时段")),
    "bill_amount": Element(_("账单金额（元）")),
    "sms_record": Element(_("短信记录")),
    "address": Element(_("装机或故障地址")),
    "indoor_outdoor": Element(_("室内还是室外")),
    "device_model": Element(_("设备型号")),
    "test_result": Element(_("测速或测试结果")),
    "cause": Element(_("原因")),
    "production_line_if_known": Element(_("生产线（如已知）")),
}  # fmt: skip

# two elements that ask for the same thing, under the names of a set and of a group
ALIKE = {"service_time": "service_contact_time", "evidence": "evidence_list"}


def element(key: str) -> Element:
    """What is known of it, in the administrator's words where there are such."""
    known, own = ELEMENTS.get(key) or Element(key), questions().get(key)
    if own is None:
        return known
    return replace(known, label=own.name, asked=known.asked if known.kept_in else own.kind)


# names, numbers and places that tell who it was
PERSONAL = frozenset(
    {
        "on_behalf_of",
        "relation",
        "contact_on_site",
        "hospital",
        "sign_name",
        "phone_no",
        "phone_no_or_account",
        "address",
        "bank_tail",
        "transaction_no",
        "waybill_no",
        "repair_order_no",
        "serial_no",
        "customer_company",
        "sms_record",
        "vulnerable_flag",
        "health_status",
        "injury_status",
    }
)


# what is kept as a code
SAID = {("occurred_unknown", "unknown"): _("客户说不清")}


def shown(kept: Mapping[str, Any], reader: Reader, *, but: Collection[str] = ()) -> list[dict[str, Any]]:
    """The kept elements with their labels, as this reader may see them. `but`: values that are told already."""
    return [
        {"label": element(key).label, "value": SAID.get((key, str(value))) or reader.words(str(value))}
        for key, value in kept.items()
        if value and value not in but and not key.endswith("_source") and (reader.is_full or key not in PERSONAL)
    ]
