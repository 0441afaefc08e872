from huiyin.channels.tests.conftest import post as post
from huiyin.lib.tests.committed import committed as committed
