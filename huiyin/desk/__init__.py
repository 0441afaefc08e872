"""The desk (坐席与管理端): the pages that members work at. HTTP in, HTML out; what is decided is decided below."""
