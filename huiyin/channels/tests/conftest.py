from huiyin.lib.tests.committed import committed as committed
