"""What PostgreSQL itself guards: numbers that never wait, and a record that only grows."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION complaints_record_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_only_grows BEFORE UPDATE OR DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_record_only_grows();
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON complaints_event
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_record_only_grows();
CREATE FUNCTION complaints_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the words and the number of a complaint stay as they were filed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER complaint_words_stay BEFORE UPDATE OF text, text_digest, number ON complaints_complaint
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.number IS DISTINCT FROM NEW.number
                       OR OLD.text_digest IS DISTINCT FROM NEW.text_digest)
    EXECUTE FUNCTION complaints_words_stay();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER complaint_words_stay ON complaints_complaint;
DROP FUNCTION complaints_words_stay();
DROP TRIGGER event_not_emptied ON complaints_event;
DROP TRIGGER event_only_grows ON complaints_event;
DROP FUNCTION complaints_record_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE complaint_number_seq", "DROP SEQUENCE complaint_number_seq"),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
