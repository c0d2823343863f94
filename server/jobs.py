"""Stateless jobs that find what is due in the database, run by `zuzweit worker`.

A feature names its jobs in `register(app, jobs)`. A job takes the time in milliseconds and may
run twice, late, or in two workers at once without harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from peewee import BigIntegerField, Model, PeeweeException, TextField

from server.db import close_connection, database
from server.errors import trace_of

Job = Callable[[int], object]
logger = logging.getLogger(__name__)


class JobRun(Model):
    """When a job last came to its end, and when it last failed, by whichever worker."""

    name = TextField(primary_key=True, help_text="Name der Arbeit im Programm")
    finished_at = BigIntegerField(null=True, help_text="Zeitpunkt, zu dem sie zuletzt gelang")
    failed_at = BigIntegerField(null=True, help_text="Zeitpunkt, zu dem sie zuletzt misslang")

    class Meta:
        database = database
        table_name = "job_run"


@dataclass(frozen=True)
class NamedJob:
    """A job, how often it runs, and in German what it does."""

    job: Job
    minutes: int
    meaning: str

    @property
    def name(self) -> str:
        """Its name in logs and in `job_run`."""
        return f"{self.job.__module__}.{self.job.__qualname__}"


@dataclass(frozen=True)
class JobState:
    """What is known of a job's runs; times in milliseconds, None: never."""

    meaning: str
    minutes: int
    finished_at: int | None
    failed_at: int | None

    def failing(self) -> bool:
        """It did not succeed the last time it ran."""
        return self.failed_at is not None and self.failed_at > (self.finished_at or 0)

    def overdue(self, now: int) -> bool:
        """It has missed more than one of its runs: does a worker run at all?"""
        return self.finished_at is None or now - self.finished_at > 2 * self.minutes * 60_000


@dataclass
class Jobs:
    """The jobs of one application, each with its interval."""

    app: Flask
    clock: Callable[[], int]
    _jobs: list[NamedJob] = field(default_factory=list)

    def every(self, minutes: int, job: Job, meaning: str) -> None:
        """Run `job(now)` every so many minutes; `meaning` says in German what it does."""
        self._jobs.append(NamedJob(job, minutes, meaning))

    def states(self) -> list[JobState]:
        """Every job, in the order they were named, with its last runs."""
        runs = {run.name: run for run in JobRun.select()}
        nothing = JobRun(finished_at=None, failed_at=None)
        states = []
        for job in self._jobs:
            run = runs.get(job.name, nothing)
            states.append(JobState(job.meaning, job.minutes, run.finished_at, run.failed_at))
        return states

    def run_all(self) -> None:
        """Run each job once, in the order they were named; one that fails stops no other."""
        for job in self._jobs:
            self._run(job)

    def schedule(self, scheduler: BaseScheduler) -> None:
        """Give all jobs to an APScheduler; missed runs are made up by one."""
        for job in self._jobs:
            scheduler.add_job(
                self._run,
                IntervalTrigger(minutes=job.minutes),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def _run(self, job: NamedJob) -> None:
        now = self.clock()
        try:
            with self.app.app_context():
                job.job(now)
            _note(job.name, finished_at=now)
        except Exception as problem:  # noqa: BLE001  A job's failure must not end the others.
            logger.error("job %s failed: %s", job.name, trace_of(problem))
            self._note_failure(job.name, now)
        finally:
            # The scheduler's threads come and go; their connections must not stay behind.
            close_connection()

    def _note_failure(self, name: str, now: int) -> None:
        try:
            _note(name, failed_at=now)
        except PeeweeException as problem:  # The database itself is what failed.
            logger.error("failure of job %s not noted: %s", name, trace_of(problem))


def _note(name: str, **times: int) -> None:
    JobRun.insert(name=name, **times).on_conflict(
        conflict_target=[JobRun.name], update=times
    ).execute()
