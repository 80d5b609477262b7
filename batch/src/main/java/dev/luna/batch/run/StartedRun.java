package dev.luna.batch.run;

/**
 * What became of asking for a run.
 *
 * @param run the run that is under way now
 * @param resumed whether that is one that a process left behind when it died, in place of a new one
 */
public record StartedRun(Run run, boolean resumed) {

    /** What a starter is told who did not get a run of his own. */
    public String resumption() {
        return "Run %d was left behind by a process that died and is resumed instead of a new one".formatted(run.id());
    }
}
