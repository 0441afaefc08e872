"""回访: what the customer says of us once it is over: stars and words, and what is made of them."""
