"""派单、工单、审核: work orders to units, signed for, handled, and audited before the customer hears."""
