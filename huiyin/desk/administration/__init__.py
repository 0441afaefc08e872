"""The administrator's pages: they translate, and every change is an action of the app that it belongs to."""
