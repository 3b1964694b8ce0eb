package io.rootstock.registry.webhook;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.webhook.DeliveryRepository.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Sends the due deliveries of all webhooks. A webhook with due deliveries has a thread of its own, which sends one
 * request at a time, so that a slow endpoint delays only its own deliveries; the number of threads is limited by the
 * number of webhooks. The threads are platform threads because the resolution of a host name blocks its carrier.
 */
@ApplicationScoped
public class WebhookDispatcher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WebhookDispatcher.class);
    private static final int STOP_SECONDS = 5;

    private final Database database;
    private final Leadership leadership;
    private final WebhookSender sender;
    private final Changes changes;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("webhook-", 0).factory());

    /** Creates the dispatcher without starting it. */
    @Inject
    public WebhookDispatcher(Database database, Leadership leadership, WebhookSender sender, Changes changes) {
        this.database = database;
        this.leadership = leadership;
        this.sender = sender;
        this.changes = changes;
    }

    /** Starts the loop, once; it reads its work from the database. */
    public void start() {
        loops.add(new Loop("webhook-dispatcher", leadership, changes, this::round));
    }

    /** Stops the loop and the requests; the next registry process sends them again. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
        threads.shutdownNow();
        try {
            boolean _ = threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean round() {
        for (String webhook : database.read(DeliveryRepository::dueWebhooks)) {
            if (busy.add(webhook)) {
                threads.execute(() -> deliverAll(webhook));
            }
        }
        return true;
    }

    private void deliverAll(String webhook) {
        try {
            Optional<Delivery> due = due(webhook);
            while (leadership.held() && due.isPresent()) {
                deliver(due.get());
                due = due(webhook);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DatabaseException e) {
            LOG.warnf("the deliveries of %s wait for the database: %s", WebhookRow.name(webhook), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "the deliveries of %s failed; retrying", WebhookRow.name(webhook));
        } finally {
            busy.remove(webhook);
        }
    }

    private Optional<Delivery> due(String webhook) {
        return database.read(connection -> DeliveryRepository.due(connection, webhook));
    }

    private void deliver(Delivery delivery) throws InterruptedException {
        Optional<WebhookRow> webhook =
                database.read(connection -> WebhookRepository.find(connection, delivery.webhook()));
        if (webhook.isEmpty()) {
            return;
        }
        Attempt attempt = sender.send(webhook.get().endpoint(), delivery.event());
        if (!attempt.succeeded()) {
            LOG.warnf(
                    "%s: attempt %d of %s failed: %s",
                    webhook.get().name(),
                    delivery.attempts() + 1,
                    delivery.event().id(),
                    attempt);
        }
        Optional<Duration> retry = RetrySchedule.delay(delivery.attempts() + 1, RandomGenerator.getDefault());
        database.write(connection -> {
            DeliveryRepository.store(connection, delivery, attempt, retry);
            return null;
        });
    }

    /** Delays between the attempts of a delivery: exponential backoff with jitter, over about a day. */
    static final class RetrySchedule {
        private static final List<Duration> DELAYS = List.of(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(3),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                Duration.ofHours(4),
                Duration.ofHours(8),
                Duration.ofHours(12));

        /** Maximum number of attempts of a delivery. */
        static final int ATTEMPTS = DELAYS.size() + 1;

        private static final double JITTER = 0.2;

        private RetrySchedule() {}

        /**
         * Returns the delay before the next attempt, within 20 % of the schedule; empty if there is none.
         *
         * @param failed number of failed attempts, at least 1
         */
        static Optional<Duration> delay(int failed, RandomGenerator random) {
            if (failed >= ATTEMPTS) {
                return Optional.empty();
            }
            double factor = random.nextDouble(1 - JITTER, 1 + JITTER);
            return Optional.of(
                    Duration.ofMillis(Math.round(DELAYS.get(failed - 1).toMillis() * factor)));
        }
    }
}
