package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Query;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.service.Errors;
import io.rootstock.service.PageToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Lists the events and the checkpoints of a fine-tuning job, newest first, and streams the events as they occur. */
@ApplicationScoped
class EventPages {
    /** As in OpenAI's API. */
    static final int DEFAULT_PAGE = 20;

    private static final int MAX_STREAMS = 100;

    private final JobClient jobs;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);

    @Inject
    EventPages(JobClient jobs) {
        this.jobs = jobs;
    }

    /** The newest elements that are older than a given one, in constant memory. */
    private static final class Page {
        private final Deque<ObjectNode> newest = new ArrayDeque<>();
        private final int size;
        private boolean hasMore;

        Page(int size) {
            this.size = size;
        }

        void add(ObjectNode element) {
            newest.addFirst(element);
            if (newest.size() > size) {
                newest.removeLast();
                hasMore = true;
            }
        }

        ObjectNode toJson() {
            ObjectNode page = JsonNodeFactory.instance.objectNode().put("object", "list");
            ArrayNode data = page.putArray("data");
            newest.forEach(data::add);
            page.set("first_id", data.path(0).get("id"));
            page.set("last_id", data.path(data.size() - 1).get("id"));
            return page.put("has_more", hasMore);
        }
    }

    /** Sends a page of events; with the parameter stream, all events until the job ends. */
    void events(String id, Query query, HttpReply reply) throws InterruptedException {
        boolean stream = query.flag("stream");
        int limit = query.number("limit", DEFAULT_PAGE, PageToken.MAX_PAGE_SIZE);
        Optional<Long> after = query.text("after")
                .map(event -> JobEvents.number(id, event)
                        .orElseThrow(() -> Errors.invalidArgument("after", "must be the id of an event of " + id)));
        query.end();
        FineTuningJob job = jobs.get(id);
        if (stream) {
            stream(job, after.orElse(0L), reply);
            return;
        }
        Page page = new Page(limit);
        all(job, event -> {
            if (event.number() < after.orElse(Long.MAX_VALUE)) {
                page.add(event.toJson(id));
            }
        });
        reply.send(page.toJson());
    }

    /** Sends a page of checkpoints. */
    void checkpoints(String id, Query query, HttpReply reply) throws InterruptedException {
        int limit = query.number("limit", 10, PageToken.MAX_PAGE_SIZE);
        Optional<String> after = query.text("after");
        query.end();
        FineTuningJob job = jobs.get(id);
        Checkpoints checkpoints = new Checkpoints(job);
        Page page = new Page(limit);
        boolean[] reached = {false};
        if (!job.getJob().isEmpty()) {
            jobs.events(
                    job.getJob(),
                    false,
                    event -> checkpoints
                            .add(event.getTime().getSeconds(), event.getRunEvent())
                            .filter(_ -> !reached[0])
                            .ifPresent(checkpoint -> {
                                reached[0] = checkpoint.get("id").textValue().equals(after.orElse(""));
                                if (!reached[0]) {
                                    page.add(checkpoint);
                                }
                            }));
        }
        if (after.isPresent() && !reached[0]) {
            throw Errors.invalidArgument("after", "must be the id of a checkpoint of " + id);
        }
        reply.send(page.toJson());
    }

    private void all(FineTuningJob job, Consumer<JobEvents.Event> each) throws InterruptedException {
        JobEvents.beforeTraining(job).forEach(each);
        JobEvents.end(job, training(job, false, each)).ifPresent(each);
    }

    /** Passes the events of the training job on; returns the number of the last event so far. */
    private long training(FineTuningJob job, boolean follow, Consumer<JobEvents.Event> each)
            throws InterruptedException {
        long before = JobEvents.beforeTraining(job).getLast().number();
        if (job.getJob().isEmpty()) {
            return before;
        }
        return before
                + jobs.events(job.getJob(), follow, event -> JobEvents.of(event).ifPresent(each));
    }

    private void stream(FineTuningJob job, long after, HttpReply reply) throws InterruptedException {
        if (!streams.tryAcquire()) {
            throw Errors.resourceExhausted(
                    "TOO_MANY_STREAMS",
                    "the service sends at most " + MAX_STREAMS + " event streams at once",
                    Duration.ofSeconds(5));
        }
        try {
            Consumer<JobEvents.Event> send = event -> {
                if (event.number() > after) {
                    reply.event(event.toJson(JobObject.id(job)));
                }
            };
            FineTuningJob current = job;
            JobEvents.beforeTraining(current).stream().limit(2).forEach(send);
            while (current.getState() == FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES) {
                JobClient.pause();
                current = jobs.get(JobObject.id(job));
            }
            JobEvents.beforeTraining(current).stream().skip(2).forEach(send);
            long last = training(current, true, send);
            current = jobs.get(JobObject.id(job));
            while (!hasEnded(current) || jobs.isLoading(current)) {
                JobClient.pause();
                current = jobs.get(JobObject.id(job));
            }
            JobEvents.end(current, last).ifPresent(send);
            reply.endOfEvents();
        } finally {
            streams.release();
        }
    }

    private static boolean hasEnded(FineTuningJob job) {
        return switch (job.getState()) {
            case FINE_TUNING_STATE_SUCCEEDED, FINE_TUNING_STATE_FAILED, FINE_TUNING_STATE_CANCELLED -> true;
            case FINE_TUNING_STATE_VALIDATING_FILES,
                    FINE_TUNING_STATE_QUEUED,
                    FINE_TUNING_STATE_RUNNING,
                    FINE_TUNING_STATE_PAUSED,
                    FINE_TUNING_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> false;
        };
    }
}
