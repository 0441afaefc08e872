from django.db import migrations

STAY = """
CREATE FUNCTION redchannel_decisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision stays as it was made: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE ON redchannel_decision
    FOR EACH ROW EXECUTE FUNCTION redchannel_decisions_stay();
"""
MAY_CHANGE = """
DROP TRIGGER decision_stays ON redchannel_decision;
DROP FUNCTION redchannel_decisions_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("redchannel", "0001_initial")]

    operations = [migrations.RunSQL(STAY, MAY_CHANGE)]
