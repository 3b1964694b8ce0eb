package io.rootstock.cli.completion;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Pages;
import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListSuitesRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListWebhooksRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.ListCorporaRequest;
import io.rootstock.tokenizer.v1.ListDatasetsRequest;
import io.rootstock.tokenizer.v1.ListTokenizersRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Names that the services list. A service that does not respond has none. */
public final class ListedNames implements ResourceNames {
    private static final int MAX_VERSIONS = 50;
    private static final int DEADLINE_MILLIS = 10_000;

    private final Clients clients;

    /** @param clients the services; the caller closes them */
    public ListedNames(Clients clients) {
        this.clients = clients;
    }

    @Override
    public List<String> of(String label, String current) {
        try {
            return switch (label) {
                case "MODEL" -> ids(models(), Model::getName);
                case "VERSION", "MODEL:NUMBER", "MODEL|MODEL:NUMBER", "VERSION|DIGEST" -> versions(current);
                case "ALIAS" ->
                    models().stream()
                            .flatMap(model -> model.getAliasesList().stream())
                            .map(Alias::getName)
                            .map(Names::id)
                            .distinct()
                            .toList();
                case "JOB" -> ids(jobs(), Job::getName);
                case "DATASET" -> ids(datasets(), Dataset::getName);
                case "TOKENIZER" -> ids(tokenizers(), Tokenizer::getName);
                case "CORPUS" -> ids(corpora(), Corpus::getName);
                // suites/{suite}/revisions/{number}
                case "SUITE" ->
                    suites().stream()
                            .map(revision -> revision.getName().split("/", -1)[1])
                            .toList();
                case "EVALUATION" -> ids(evaluations(), Evaluation::getName);
                case "WEBHOOK" -> ids(webhooks(), Webhook::getName);
                default -> List.of();
            };
        } catch (StatusRuntimeException | CliException unavailable) {
            return List.of();
        }
    }

    /** Models, and after a colon the versions of the model, the latest first. */
    private List<String> versions(String current) {
        int colon = current.indexOf(':');
        if (colon < 0) {
            return models().stream()
                    .flatMap(model -> Stream.of(Names.id(model.getName()), Names.id(model.getName()) + ":"))
                    .toList();
        }
        String name = current.substring(0, colon);
        return models().stream()
                .filter(model -> Names.id(model.getName()).equals(name))
                .flatMap(model -> LongStream.range(0, Math.min(MAX_VERSIONS, model.getLatestVersion()))
                        .mapToObj(back -> name + ":" + (model.getLatestVersion() - back)))
                .toList();
    }

    private static <R> List<String> ids(List<R> resources, Function<R, String> name) {
        return resources.stream().map(name).map(Names::id).toList();
    }

    private List<Model> models() {
        return clients.models()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listModels(ListModelsRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getModelsList();
    }

    private List<Job> jobs() {
        return clients.jobs()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listJobs(
                        ListJobsRequest.newBuilder().setPageSize(Pages.MAX_SIZE).build())
                .getJobsList();
    }

    private List<Dataset> datasets() {
        return clients.datasets()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listDatasets(ListDatasetsRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getDatasetsList();
    }

    private List<Tokenizer> tokenizers() {
        return clients.tokenizers()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listTokenizers(ListTokenizersRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getTokenizersList();
    }

    private List<Corpus> corpora() {
        return clients.corpora()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listCorpora(ListCorporaRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getCorporaList();
    }

    private List<SuiteRevision> suites() {
        return clients.suites()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listSuites(ListSuitesRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getRevisionsList();
    }

    private List<Evaluation> evaluations() {
        return clients.evaluations()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listEvaluations(ListEvaluationsRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getEvaluationsList();
    }

    private List<Webhook> webhooks() {
        return clients.webhooks()
                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .listWebhooks(ListWebhooksRequest.newBuilder()
                        .setPageSize(Pages.MAX_SIZE)
                        .build())
                .getWebhooksList();
    }
}
