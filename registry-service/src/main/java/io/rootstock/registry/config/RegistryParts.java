package io.rootstock.registry.config;

import io.grpc.Channel;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.job.JobJournal;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Candidates;
import io.rootstock.registry.model.Lineage;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.watch.Changes;

/**
 * The services of a running registry on one database.
 *
 * @param changes the change counter that every watcher waits on
 */
public record RegistryParts(
        Database database,
        Changes changes,
        Models models,
        Aliases aliases,
        Candidates candidates,
        Lineage lineage,
        Jobs jobs,
        JobLoops loops)
        implements AutoCloseable {

    /** Creates the services and starts the background loops. */
    public static RegistryParts start(Database database, ArtifactStore store, Channel tokenizer, Channel trainer) {
        Changes changes = new Changes();
        ArtifactCheck artifacts = new ArtifactCheck(store);
        Peers peers = new Peers(tokenizer, trainer);
        return new RegistryParts(
                database,
                changes,
                new Models(database, artifacts),
                new Aliases(database, changes),
                new Candidates(database, changes),
                new Lineage(database),
                new Jobs(database, peers, changes),
                new JobLoops(database, peers, new JobJournal(database, artifacts, changes), changes));
    }

    /** Ends all watches and stops the background loops; the database stays open. */
    @Override
    public void close() {
        changes.close();
        loops.close();
    }
}
