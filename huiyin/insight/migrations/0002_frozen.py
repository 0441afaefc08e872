"""A baseline stays as it was frozen."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION insight_baseline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a frozen baseline stays: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER baseline_stays BEFORE UPDATE OR DELETE ON insight_baseline
    FOR EACH ROW EXECUTE FUNCTION insight_baseline_stays();
"""
NOT_FROZEN = """
DROP TRIGGER baseline_stays ON insight_baseline;
DROP FUNCTION insight_baseline_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]

    operations = [migrations.RunSQL(FROZEN, NOT_FROZEN)]
