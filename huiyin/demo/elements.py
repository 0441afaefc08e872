"""The intake elements of a story: the script's own, and for the rest of its set what the story knows anyway."""

from collections.abc import Sequence

from huiyin.demo.variation import Story

KNOWN = {
    "product": "{F}", "sku_or_model": "{M}", "purchase_date": "{bought}", "symptom": "{title}", "batch": "{batch}",
    "customer_company": "{company}", "part_no": "{M}", "drawing_rev": "{rev}", "qty_received": "{q}", "qty_ng": "{ng}",
    "defect_desc": "{title}", "line_stop": "否", "injury_status": "无", "current_danger": "无", "location": "{spot}",
    "contact_on_site": "客户本人", "production_date": "{d40i}", "purchase_place": "星桥商城", "health_status": "无不适",
    "service_contact_time": "{d1i}", "service_channel": "热线", "event_desc": "{title}", "repair_order_no": "{rep}",
    "request_date": "{d8i}", "current_status": "待处理", "order_no": "{order}", "amount": "{price}元",
    "pay_channel": "移动支付", "pay_time": "{d5i}", "fact_statement": "{title}", "evidence_list": "客户口述，待补充",
    "claim": "{expectation}", "waybill_no": "{waybill}", "promised_date": "{d2i}", "package_state": "未说明",
    "phone_no": "与联系电话一致", "phone_no_or_account": "与联系电话一致", "business_name": "{F}",
    "period": "近一月", "address": "{spot}", "start_time": "{d6i}", "indoor_outdoor": "室内", "content": "{title}",
}  # fmt: skip


def filled(story: Story, required: Sequence[str]) -> dict[str, str]:
    """Every required element with a value, and whatever else the script says."""
    further = {"title": story.title, "expectation": story.script.expectation, "q": "-", "ng": "-", **story.values}
    made = {}
    for name in required:
        template = KNOWN.get(name, "")
        for slot, value in further.items():
            template = template.replace("{" + slot + "}", value)
        made[name] = story.say(template, story.received_at)
    return {**made, **story.elements}
