package io.rootstock.registry.identity;

import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.watch.Changes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The background loop that removes old audit events. */
@ApplicationScoped
public class AuditRetention implements AutoCloseable {
    private final Leadership leadership;
    private final Changes changes;
    private final AuditEvents events;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    /** Creates the loop without starting it. */
    @Inject
    public AuditRetention(Leadership leadership, Changes changes, AuditEvents events) {
        this.leadership = leadership;
        this.changes = changes;
        this.events = events;
    }

    /** Starts the loop, once. */
    public void start() {
        loops.add(new Loop("audit-retention", leadership, changes, events::removeOld));
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
