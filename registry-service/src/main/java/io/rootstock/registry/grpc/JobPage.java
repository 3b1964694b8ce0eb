package io.rootstock.registry.grpc;

import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.WatchJobsResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A page of jobs as one watcher knows it. */
final class JobPage {
    private Map<String, Job> known = Map.of();
    private List<String> names = List.of();
    private boolean sent;

    /** Returns the message that takes the watcher from the last page to this one; empty if they are equal. */
    Optional<WatchJobsResponse> changes(ListJobsResponse page) {
        WatchJobsResponse.Builder message = WatchJobsResponse.newBuilder().setNextPageToken(page.getNextPageToken());
        Map<String, Job> jobs = HashMap.newHashMap(page.getJobsCount());
        for (Job job : page.getJobsList()) {
            jobs.put(job.getName(), job);
            message.addNames(job.getName());
            if (!job.equals(known.get(job.getName()))) {
                message.addJobs(job);
            }
        }
        List<String> current = List.copyOf(message.getNamesList());
        boolean changed = !sent || message.getJobsCount() > 0 || !current.equals(names);
        known = jobs;
        names = current;
        sent = true;
        return changed ? Optional.of(message.build()) : Optional.empty();
    }
}
