from huiyin.notices.models.delivery import Delivery, Lane
from huiyin.notices.models.notice import Notice
from huiyin.notices.models.settings import Preference, Target, Template

__all__ = ["Delivery", "Lane", "Notice", "Preference", "Target", "Template"]
