"""派单、工单、审核: work orders to units, from dispatch over signing and handling to the audit that passes them or sends them back."""
