package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.names.ResourceName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** State of the versions that the inference service serves. */
public final class Serving {
    /** Default limit of {@link #await}: verifying and loading a version of several GB. */
    public static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final int POLL_MILLIS = 100;

    private final Clients clients;

    public Serving(Clients clients) {
        this.clients = clients;
    }

    /**
     * Waits until the inference service serves an alias with a version; returns the elapsed seconds.
     *
     * @param alias models/{model}/aliases/{alias}
     * @param version models/{model}/versions/{number}
     * @throws CliException if the version fails to load, or is not served within the timeout
     */
    public double await(String alias, String version, Duration timeout) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < timeout.toNanos()) {
            Optional<ServedModel> served = find(alias);
            if (served.isPresent()) {
                ServedModel model = served.get();
                if (model.getVersion().equals(version) && model.getState() == ServedState.SERVED_STATE_READY) {
                    return (System.nanoTime() - start) * 1e-9;
                }
                if (model.getPendingVersion().equals(version)
                        && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED) {
                    throw new CliException(
                            Names.brief(version) + " failed to load: " + model.getError(),
                            "see the log of the inference service (rootstock status)");
                }
            }
            pause();
        }
        throw new CliException(
                Names.brief(version) + " is not served after " + timeout.toSeconds() + " s",
                "see the log of the inference service (rootstock status)");
    }

    /**
     * Kind of a served model: base, instruct or classifier.
     *
     * @param model MODEL or MODEL@ALIAS, also after models/
     * @throws CliException if no version of it is served
     */
    public String kind(String model) {
        String name = Names.of(ResourceName.MODELS, model);
        int at = name.indexOf('@');
        Predicate<ServedModel> named = at < 0
                ? served -> served.getAlias().startsWith(name + "/aliases/")
                : served -> served.getAlias().equals(Names.alias(name.substring(0, at), name.substring(at + 1)));
        return find(named.and(served -> !served.getVersion().isEmpty()))
                .map(ServedModel::getKind)
                .orElseThrow(() -> new CliException(
                        "model '" + model + "' is not served",
                        "promote a version: rootstock models promote " + Names.id(model) + ":NUMBER --wait"));
    }

    private Optional<ServedModel> find(String alias) {
        return find(model -> model.getAlias().equals(alias));
    }

    private Optional<ServedModel> find(Predicate<ServedModel> wanted) {
        String page = "";
        do {
            ListServedModelsResponse response = clients.inference()
                    .listServedModels(ListServedModelsRequest.newBuilder()
                            .setPageSize(Pages.MAX_SIZE)
                            .setPageToken(page)
                            .build());
            Optional<ServedModel> found =
                    response.getModelsList().stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found;
            }
            page = response.getNextPageToken();
        } while (!page.isEmpty());
        return Optional.empty();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again");
        }
    }
}
