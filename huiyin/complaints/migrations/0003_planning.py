"""What the planner cannot know by itself.

complaints_found: at most so many complaints that hold the words, always by way of the GIN index. Left to itself the
planner guesses how common a word is. Of one that hardly anybody used it believes that half a per cent have it, walks the
complaints from the newest on until it has a page of them, and reads a million for nothing.

complaint_state_open: is_open follows from the state. Taken for independent, the rows that wait in one state are guessed to
be a tenth of what they are, and are all fetched and sorted instead of read in the order of an index.
"""

from django.db import migrations

FOUND = """
CREATE FUNCTION complaints_found(wanted tsquery, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE ROWS 1000
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off
AS 'SELECT complaint_id FROM complaints_searchable WHERE vector @@ wanted LIMIT most';
ALTER TABLE complaints_searchable ALTER COLUMN vector SET STATISTICS 300;
CREATE STATISTICS complaint_state_open (dependencies, mcv) ON state, is_open FROM complaints_complaint;
"""
NOT_FOUND = """
DROP STATISTICS complaint_state_open;
ALTER TABLE complaints_searchable ALTER COLUMN vector SET STATISTICS -1;
DROP FUNCTION complaints_found(tsquery, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_record")]

    operations = [migrations.RunSQL(FOUND, NOT_FOUND)]
