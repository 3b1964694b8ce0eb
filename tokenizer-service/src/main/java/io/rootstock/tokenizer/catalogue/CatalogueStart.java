package io.rootstock.tokenizer.catalogue;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.service.Home;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Migrates and opens the catalogue when the registry has started the database. Meanwhile the service is not SERVING and calls
 * fail with UNAVAILABLE.
 */
@ApplicationScoped
public class CatalogueStart {
    private static final Logger LOG = Logger.getLogger(CatalogueStart.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** After a failure that a person has to end, such as a schema of a newer release: each attempt is logged by Flyway. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    private final CatalogueDatabase database;
    private final Catalogue<Source> sources;
    private final Catalogue<Tokenizer> tokenizers;
    private final Catalogue<Dataset> datasets;
    private final FileImport files;
    private Thread thread;

    @Inject
    CatalogueStart(
            CatalogueDatabase database,
            Catalogue<Source> sources,
            Catalogue<Tokenizer> tokenizers,
            Catalogue<Dataset> datasets,
            Home home) {
        this.database = database;
        this.sources = sources;
        this.tokenizers = tokenizers;
        this.datasets = datasets;
        this.files = new FileImport(home.directory().resolve("tokenizer"));
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("catalogue-start").start(this::openWhenReady);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void openWhenReady() {
        String logged = "";
        try {
            while (!database.isOpen()) {
                try {
                    open();
                } catch (IOException | SQLException e) {
                    if (!logged.equals(e.getMessage())) {
                        logged = String.valueOf(e.getMessage());
                        LOG.infof("waiting for the registry's database: %s", logged);
                    }
                    Thread.sleep(PAUSE);
                } catch (RuntimeException e) {
                    if (!logged.equals(e.toString())) {
                        logged = e.toString();
                        LOG.error("the catalogue cannot be opened; trying again", e);
                    }
                    Thread.sleep(PAUSE_AFTER_FAILURE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open() throws IOException, SQLException {
        database.migrate();
        int imported =
                files.run("sources", sources) + files.run("tokenizers", tokenizers) + files.run("datasets", datasets);
        if (imported > 0) {
            LOG.infof("imported %d files of the catalogue of an earlier release into the database", imported);
        }
        database.open();
    }
}
