package dev.luna.api.bookings;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Lets Quartz sweep, in one process at a time. */
@DisallowConcurrentExecution
class BookingSweepJob implements Job {

    private final BookingSweep sweep;

    BookingSweepJob(BookingSweep sweep) {
        this.sweep = sweep;
    }

    @Override
    public void execute(JobExecutionContext context) {
        sweep.run();
    }
}
