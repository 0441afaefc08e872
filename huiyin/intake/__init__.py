"""受理: from a message to a complaint. All comes in through `actions.taking_in.take_in`."""
