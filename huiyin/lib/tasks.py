"""Jobs of the house itself."""

from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status


@app.periodic(cron="* * * * *")
@app.task(name="lib.retry_stalled", queueing_lock="lib.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """What a worker was at when it was killed is queued again; jobs are written to bear being run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except exceptions.UniqueViolation:  # the same periodic job already waits: one run is enough
            await manager.finish_job(job, Status.FAILED, delete_job=True)
