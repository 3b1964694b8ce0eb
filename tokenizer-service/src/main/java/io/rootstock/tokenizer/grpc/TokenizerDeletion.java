package io.rootstock.tokenizer.grpc;

import io.rootstock.service.Errors;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.registry.Registry;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether a tokenizer may be deleted: no dataset and no running preparation uses it, and the registry releases
 * it. No preparation with it begins during the decision.
 */
@ApplicationScoped
public class TokenizerDeletion {
    private static final int SHOWN = 5;

    private final Catalogue<Dataset> datasets;
    private final RunningOperations operations;
    private final Registry registry;

    TokenizerDeletion(Catalogue<Dataset> datasets, RunningOperations operations, Registry registry) {
        this.datasets = datasets;
        this.operations = operations;
        this.registry = registry;
    }

    /** Releases a tokenizer for deletion, inside its removal; throws FAILED_PRECONDITION if something refers to it. */
    void release(Tokenizer tokenizer) {
        if (operations.uses(tokenizer.getName())) {
            throw Errors.failedPrecondition(
                    "STILL_REFERENCED",
                    tokenizer.getName()
                            + " cannot be deleted: a dataset is being prepared with it; try again when it is prepared");
        }
        List<String> using = new ArrayList<>();
        datasets.forEach(dataset -> {
            if (dataset.getTokenizer().equals(tokenizer.getName())) {
                using.add(dataset.getName());
            }
        });
        if (!using.isEmpty()) {
            String shown = String.join(
                    "; ",
                    using.stream()
                            .limit(SHOWN)
                            .map(dataset -> dataset + " uses it (rootstock dataset delete "
                                    + dataset.substring(dataset.indexOf('/') + 1) + ")")
                            .toList());
            throw Errors.failedPrecondition(
                    "STILL_REFERENCED",
                    tokenizer.getName() + " cannot be deleted: " + shown + (using.size() > SHOWN ? "; and more" : ""));
        }
        registry.release(tokenizer.getName(), tokenizer.getCreateTime());
    }
}
