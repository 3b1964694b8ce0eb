package io.rootstock.tokenizer.corpus;

import io.rootstock.access.v1.Role;
import io.rootstock.artifacts.Digest;
import io.rootstock.names.EnumNames;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.access.Caller;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.v1.CancelCorpusRequest;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusExecution;
import io.rootstock.tokenizer.v1.CorpusPlan;
import io.rootstock.tokenizer.v1.CorpusState;
import io.rootstock.tokenizer.v1.CreateCorpusRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DeleteCorpusRequest;
import io.rootstock.tokenizer.v1.PlanCorpusRequest;
import io.rootstock.tokenizer.v1.ResumeCorpusRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Operations of users on corpora. */
@ApplicationScoped
public class Corpora {
    /** Collection of the resource names. */
    public static final String COLLECTION = "corpora";

    private final CatalogueDatabase database;
    private final CorpusPlanner planner;
    private final CorpusSignal signal;
    private final Catalogue<Dataset> datasets;
    private final RecipeTokenizers tokenizers;

    @Inject
    Corpora(
            CatalogueDatabase database,
            CorpusPlanner planner,
            CorpusSignal signal,
            Catalogue<Dataset> datasets,
            RecipeTokenizers tokenizers) {
        this.database = database;
        this.planner = planner;
        this.signal = signal;
        this.datasets = datasets;
        this.tokenizers = tokenizers;
    }

    /** Plans a recipe and queues it. A repeated request returns the existing corpus. */
    public Corpus create(CreateCorpusRequest request) {
        String id = id(request.getName());
        String fingerprint = Digest.of(request.toBuilder()
                        .clearRequestId()
                        .clearValidateOnly()
                        .build()
                        .toByteArray())
                .value();
        Optional<Corpus> existing = database.run(connection -> existing(connection, id, request, fingerprint));
        if (existing.isPresent()) {
            return existing.get();
        }
        CorpusPlan plan = planner.plan(PlanCorpusRequest.newBuilder()
                .setRecipe(request.getRecipe())
                .setExecution(request.getExecution())
                .build());
        if (!plan.getTokenizer().isEmpty()) {
            String dataset = CorpusOutput.dataset(id);
            Caller.current().require(Role.ROLE_TRAINER, dataset);
            if (datasets.find(id).isPresent()) {
                throw Errors.alreadyExists(
                        dataset, "the corpus would store its tokens under this name; choose another name");
            }
        }
        if (plan.getTrainsTokenizer() && tokenizers.exists(plan.getTokenizer())) {
            throw Errors.alreadyExists(
                    plan.getTokenizer(),
                    "the recipe trains it; choose another name, or write 'tokenizer: " + plan.getTokenizer()
                            + "' to use it");
        }
        Corpus corpus = Corpus.newBuilder()
                .setName(request.getName())
                .setRecipe(request.getRecipe())
                .setExecution(request.getExecution())
                .setRecipeDigest(plan.getRecipeDigest())
                .setTokenizer(plan.getTokenizer())
                .setTrainsTokenizer(plan.getTrainsTokenizer())
                .setCreator(Caller.current().name())
                .setState(CorpusState.CORPUS_STATE_QUEUED)
                .setCreateTime(CorpusTable.now())
                .setUpdateTime(CorpusTable.now())
                .build();
        if (request.getValidateOnly()) {
            return corpus;
        }
        Corpus created = database.run(connection -> {
            if (CorpusTable.insert(connection, id, fingerprint, request.getRequestId(), corpus)) {
                CorpusEvents.append(connection, id, corpus.getState(), "");
                return found(connection, id).corpus();
            }
            return existing(connection, id, request, fingerprint).orElseThrow(() -> notFound(request.getName()));
        });
        signal.announce();
        return created;
    }

    private static Optional<Corpus> existing(
            Connection connection, String id, CreateCorpusRequest request, String fingerprint) throws SQLException {
        Optional<CorpusRow> row = CorpusTable.find(connection, id);
        if (row.isPresent() && !row.get().fingerprint().equals(fingerprint)) {
            throw Errors.alreadyExists(
                    request.getName(),
                    "it was made by another request; choose another name, or delete it with `rootstock data delete "
                            + id + "`");
        }
        if (row.isEmpty()
                && CorpusTable.ofRequest(connection, request.getRequestId()).isPresent()) {
            throw Errors.invalidArgument("request_id", "was used for another request; make a new one");
        }
        return row.map(CorpusRow::corpus);
    }

    /** Returns a corpus; NOT_FOUND if it does not exist. */
    public Corpus get(String name) {
        return database.run(connection -> found(connection, id(name)).corpus());
    }

    /** Returns all corpora whose ids, each with a slash at its end, have one of the prefixes. */
    public List<Corpus> all(List<String> prefixes) {
        return database.run(connection -> CorpusTable.all(connection, prefixes));
    }

    /** Whether the files of a corpus's job are needed: it exists and has not succeeded. */
    boolean needsFiles(String id) {
        return database.run(connection -> CorpusTable.find(connection, id)
                .filter(row -> row.corpus().getState() != CorpusState.CORPUS_STATE_SUCCEEDED)
                .isPresent());
    }

    /** Calls {@code each} with every corpus. */
    public void forEach(Consumer<Corpus> each) {
        all(List.of("")).forEach(each);
    }

    /**
     * Returns a feed of a corpus's events.
     *
     * @param afterSequence sequence number of the last event that the watcher has; 0: none
     */
    public CorpusFeed feed(String name, long afterSequence) {
        return new CorpusFeed(database, id(name), afterSequence);
    }

    /** Cancels a corpus at once; its worker process stops soon after. Without effect on a cancelled one. */
    public Corpus cancel(CancelCorpusRequest request) {
        return change(request.getName(), (connection, row) -> {
            switch (row.corpus().getState()) {
                case CORPUS_STATE_CANCELLED -> {}
                case CORPUS_STATE_QUEUED, CORPUS_STATE_RUNNING ->
                    setState(connection, row, CorpusState.CORPUS_STATE_CANCELLED, "cancelled by request", 0);
                case CORPUS_STATE_SUCCEEDED, CORPUS_STATE_FAILED, CORPUS_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw wrongState(row, "cancelled", "");
            }
        });
    }

    /** Queues a cancelled or failed corpus again; without effect on a queued or running one. */
    public Corpus resume(ResumeCorpusRequest request) {
        if (request.hasExecution()) {
            planner.requireExecution(request.getExecution());
        }
        return change(request.getName(), (connection, row) -> {
            switch (row.corpus().getState()) {
                case CORPUS_STATE_QUEUED, CORPUS_STATE_RUNNING -> {}
                case CORPUS_STATE_FAILED, CORPUS_STATE_CANCELLED -> {
                    CorpusExecution execution = request.hasExecution()
                            ? request.getExecution()
                            : row.corpus().getExecution();
                    Corpus corpus =
                            row.corpus().toBuilder().setExecution(execution).build();
                    setState(
                            connection,
                            new CorpusRow(row.id(), corpus, row.fingerprint(), row.lease(), 0),
                            CorpusState.CORPUS_STATE_QUEUED,
                            "resumed by request",
                            0);
                }
                case CORPUS_STATE_SUCCEEDED, CORPUS_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw wrongState(row, "resumed", "; create another corpus to run the recipe again");
            }
        });
    }

    /** Deletes a corpus that has ended; its service then deletes the files of its job. */
    public void delete(DeleteCorpusRequest request) {
        String id = id(request.getName());
        boolean _ = database.run(connection -> {
            CorpusRow row = CorpusTable.lock(connection, id).orElseThrow(() -> notFound(request.getName()));
            if (!hasEnded(row.corpus().getState())) {
                throw wrongState(row, "deleted", "; cancel it first: rootstock data cancel " + id);
            }
            CorpusTable.delete(connection, id);
            return true;
        });
        signal.announce();
    }

    /** Stores a state without a lease, and its event. */
    static void setState(Connection connection, CorpusRow row, CorpusState state, String message, int lostLeases)
            throws SQLException {
        CorpusTable.end(
                connection,
                row.id(),
                row.corpus().toBuilder().setState(state).setMessage(message).build(),
                lostLeases);
        CorpusEvents.append(connection, row.id(), state, message);
    }

    /** Whether a corpus in this state has no job that runs or will run. */
    static boolean hasEnded(CorpusState state) {
        return switch (state) {
            case CORPUS_STATE_SUCCEEDED, CORPUS_STATE_FAILED, CORPUS_STATE_CANCELLED -> true;
            case CORPUS_STATE_QUEUED, CORPUS_STATE_RUNNING, CORPUS_STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    static String name(String id) {
        return COLLECTION + "/" + id;
    }

    static RuntimeException notFound(String name) {
        return Errors.notFound(name, "list the corpora with `rootstock data list`");
    }

    /** Change of a locked corpus. */
    private interface Change {
        void apply(Connection connection, CorpusRow row) throws SQLException;
    }

    private Corpus change(String name, Change change) {
        String id = id(name);
        Corpus corpus = database.run(connection -> {
            change.apply(connection, CorpusTable.lock(connection, id).orElseThrow(() -> notFound(name)));
            return found(connection, id).corpus();
        });
        signal.announce();
        return corpus;
    }

    private static CorpusRow found(Connection connection, String id) throws SQLException {
        return CorpusTable.find(connection, id).orElseThrow(() -> notFound(name(id)));
    }

    private static RuntimeException wrongState(CorpusRow row, String done, String remedy) {
        return Errors.failedPrecondition(
                "WRONG_STATE",
                row.name() + " is " + EnumNames.lowerCase(row.corpus().getState()) + " and cannot be " + done + remedy);
    }

    private static String id(String name) {
        return RequestNames.id(COLLECTION, name, "name");
    }
}
