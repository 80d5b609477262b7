package dev.luna.api.idempotency;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Removes keys older than a day. */
@DisallowConcurrentExecution
class KeyPurgeJob implements Job {

    private final KeyStore store;

    KeyPurgeJob(KeyStore store) {
        this.store = store;
    }

    @Override
    public void execute(JobExecutionContext context) {
        store.forgetExpired();
    }
}
