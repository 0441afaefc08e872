"""受理: from a message to a complaint. Whatever the channel, everything comes in through `actions.taking_in.take_in`."""
