package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.FILES;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.with;
import static io.rootstock.registry.evaluation.EvaluationFixture.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.ListSuiteRevisionsRequest;
import io.rootstock.evaluation.v1.ListSuitesRequest;
import io.rootstock.evaluation.v1.ListSuitesResponse;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.registry.RegistryHarness;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteServiceTest {
    @TempDir
    private Path scratch;

    private EvaluationFixture fixture;

    @BeforeEach
    void start() {
        fixture = new EvaluationFixture(new RegistryHarness(scratch));
    }

    @AfterEach
    void stop() {
        fixture.registry.close();
    }

    @Test
    void storesTheFilesAndTasksOfARevision() {
        SuiteRevision created = fixture.suites
                .createSuiteRevision(
                        fixture.request(FILES).setDescription("Two tasks").build())
                .getRevision();

        assertThat(created.getName()).isEqualTo("suites/tiny/revisions/1");
        assertThat(created.getDescription()).isEqualTo("Two tasks");
        assertThat(created.getFilesList())
                .extracting(SuiteFile::getPath)
                .containsExactly(
                        "rows/stories.jsonl",
                        "rows/yesno.jsonl",
                        "suite.yaml",
                        "tasks/stories.yaml",
                        "tasks/yesno.yaml");
        assertThat(created.getFiles(1).getBytes())
                .isEqualTo(FILES.get("rows/yesno.jsonl").length());
        assertThat(created.getTasksList())
                .containsExactly(
                        SuiteTask.newBuilder()
                                .setName("yesno")
                                .setOutputType("multiple_choice")
                                .addMetrics("acc")
                                .addMetrics("acc_norm")
                                .setShots(2)
                                .build(),
                        SuiteTask.newBuilder()
                                .setName("stories")
                                .setOutputType("loglikelihood")
                                .addMetrics("perplexity")
                                .addMetrics("acc")
                                .build());
        assertThat(get("suites/tiny")).isEqualTo(created);
        assertThat(get("suites/tiny/revisions/1")).isEqualTo(created);
        assertThat(refusal(Status.Code.NOT_FOUND, () -> get("suites/tiny/revisions/2")))
                .contains("suites/tiny/revisions/2", "rootstock suites list");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> get("suites/other"))).contains("suites/other");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> get("tiny"))).contains("name: must be suites/");
    }

    @Test
    void theSameFilesAreTheSameRevisionAndOthersTheNext() {
        SuiteRevision first = fixture.suite(FILES);
        assertThat(fixture.suite(FILES)).isEqualTo(first);
        SuiteRevision second = fixture.suite(with("rows/yesno.jsonl", "{\"question\": \"Is it?\", \"label\": 0}\n"));
        assertThat(second.getName()).isEqualTo("suites/tiny/revisions/2");
        assertThat(get("suites/tiny")).isEqualTo(second);
        assertThat(fixture.suite(FILES).getName()).isEqualTo("suites/tiny/revisions/3");
        assertThat(fixture.suites
                        .listSuiteRevisions(ListSuiteRevisionsRequest.newBuilder()
                                .setSuite("suites/tiny")
                                .setPageSize(2)
                                .build())
                        .getRevisionsList())
                .extracting(SuiteRevision::getName)
                .containsExactly("suites/tiny/revisions/3", "suites/tiny/revisions/2");
    }

    @Test
    void aRepeatedRequestReturnsTheFirstRevisionAndAValidationCreatesNone() {
        CreateSuiteRevisionRequest request =
                fixture.request(FILES).setRequestId("once").build();
        SuiteRevision first = fixture.suites.createSuiteRevision(request).getRevision();
        fixture.suite(with("rows/yesno.jsonl", "{}\n"));
        assertThat(fixture.suites.createSuiteRevision(request).getRevision()).isEqualTo(first);
        assertThat(refusal(
                        Status.Code.ALREADY_EXISTS,
                        () -> fixture.suites.createSuiteRevision(
                                request.toBuilder().setDescription("other").build())))
                .contains("request id 'once'");
        SuiteRevision checked = fixture.suites
                .createSuiteRevision(fixture.request(FILES)
                        .setSuite("suites/fresh")
                        .setValidateOnly(true)
                        .build())
                .getRevision();
        assertThat(checked.getTasksCount()).isEqualTo(2);
        assertThat(checked.getName()).isEmpty();
        assertThat(refusal(Status.Code.NOT_FOUND, () -> get("suites/fresh"))).contains("suites/fresh");
    }

    static Stream<Arguments> invalid() {
        String digest = "sha256:" + "0".repeat(64);
        return Stream.of(
                Arguments.of(files(Map.of()), "files: must be 1 to 1000 files, were 0"),
                Arguments.of(files(without("suite.yaml")), "files: must contain suite.yaml"),
                Arguments.of(files(with("../x.yaml", "a")), ".path: must be a relative path inside the suite"),
                Arguments.of(files(with("/x.yaml", "a")), ".path: must be a relative path inside the suite"),
                Arguments.of(files(with("a//x.yaml", "a")), ".path: must be a relative path inside the suite"),
                Arguments.of(files(with("a\\x.yaml", "a")), ".path: must be a relative path inside the suite"),
                Arguments.of(request(request -> request.setSuite("suites/Tiny")), "suite: must be suites/{id}"),
                Arguments.of(
                        request(request -> request.setDescription("x".repeat(4097))),
                        "description: must be at most 4096 characters, has 4097"),
                Arguments.of(
                        request(request -> request.addFiles(request.getFiles(0))),
                        "files[5].path: is the path of files[0] too"),
                Arguments.of(
                        request(request -> request.setFiles(
                                0, request.getFiles(0).toBuilder().setDigest("sha256:x"))),
                        "files[0].digest: an artifact digest is sha256:"),
                Arguments.of(
                        request(request -> request.setFiles(
                                0, request.getFiles(0).toBuilder().setDigest(digest))),
                        "files[0].digest: the artifact store does not have it"),
                Arguments.of(
                        request(request -> request.setFiles(
                                0, request.getFiles(0).toBuilder().setBytes(3))),
                        "files[0].bytes: the artifact has"),
                Arguments.of(
                        files(with("suite.yaml", "suite: tiny\ntasks: [absent.yaml]\n")),
                        "suite.yaml:2: task file 'absent.yaml' is not in the suite; add the file, or correct its name"),
                Arguments.of(
                        files(with("tasks/stories.yaml", "task: stories\nwit: 1\n")),
                        "tasks/stories.yaml:2: unknown key 'wit'"),
                Arguments.of(
                        files(with("tasks/stories.yaml", "#".repeat(300 << 10))),
                        "the file has more than 262144 bytes"),
                Arguments.of(
                        files(with("tasks/stories.yaml", "#".repeat(2 << 20))),
                        "the file has 2097152 bytes, more than 1048576"),
                Arguments.of(
                        files(without("rows/yesno.jsonl")),
                        "suite.yaml:4: row file 'rows/yesno.jsonl' is not in the suite; add the file"));
    }

    private static UnaryOperator<CreateSuiteRevisionRequest.Builder> request(
            UnaryOperator<CreateSuiteRevisionRequest.Builder> change) {
        return change;
    }

    /** Replaces the files; they are stored when the operator is applied. */
    private static Map<String, String> files(Map<String, String> files) {
        return files;
    }

    @ParameterizedTest
    @MethodSource("invalid")
    @SuppressWarnings("unchecked")
    void refusesInvalidRevisions(Object change, String reason) {
        CreateSuiteRevisionRequest request = (change instanceof Map<?, ?> files
                        ? fixture.request((Map<String, String>) files)
                        : ((UnaryOperator<CreateSuiteRevisionRequest.Builder>) change).apply(fixture.request(FILES)))
                .build();
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.suites.createSuiteRevision(request)))
                .contains(reason);
    }

    @Test
    void suitesAreListedByNameInPages() {
        for (String suite : List.of("b", "c", "a")) {
            fixture.suites.createSuiteRevision(
                    fixture.request(FILES).setSuite("suites/" + suite).build());
        }
        ListSuitesResponse first = fixture.suites.listSuites(
                ListSuitesRequest.newBuilder().setPageSize(2).build());
        assertThat(first.getRevisionsList())
                .extracting(SuiteRevision::getName)
                .containsExactly("suites/a/revisions/1", "suites/b/revisions/1");
        assertThat(first.getRevisions(0).getFilesCount()).isZero();
        assertThat(first.getRevisions(0).getTasksCount()).isEqualTo(2);
        ListSuitesResponse second = fixture.suites.listSuites(ListSuitesRequest.newBuilder()
                .setPageSize(2)
                .setPageToken(first.getNextPageToken())
                .build());
        assertThat(second.getRevisionsList())
                .extracting(SuiteRevision::getName)
                .containsExactly("suites/c/revisions/1");
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void suitesAndRevisionsAreFilteredAndOrdered() {
        for (String suite : List.of("base", "base-small", "other")) {
            fixture.suites.createSuiteRevision(fixture.request(FILES)
                    .setSuite("suites/" + suite)
                    .setDescription("of " + suite)
                    .build());
        }
        fixture.suites.createSuiteRevision(fixture.request(
                        EvaluationFixture.with("rows/yesno.jsonl", "{\"question\": \"Is fire cold?\", \"label\": 0}\n"))
                .setSuite("suites/base")
                .setDescription("second")
                .build());
        assertThat(suites("name = \"suites/base*\"", "create_time desc"))
                .containsExactly("suites/base/revisions/2", "suites/base-small/revisions/1");
        assertThat(suites("description != \"of*\"", "")).containsExactly("suites/base/revisions/2");
        assertThat(suites("create_time < \"2026-01-01\"", "")).isEmpty();
        assertThat(suites("", "description, name"))
                .containsExactly(
                        "suites/base-small/revisions/1", "suites/other/revisions/1", "suites/base/revisions/2");
        assertThat(fixture.suites
                        .listSuiteRevisions(ListSuiteRevisionsRequest.newBuilder()
                                .setSuite("suites/base")
                                .setFilter("description = \"of base\"")
                                .build())
                        .getRevisionsList())
                .extracting(SuiteRevision::getName)
                .containsExactly("suites/base/revisions/1");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> suites("tasks = a", "")))
                .contains("filter: at position 1: unknown field 'tasks'");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> suites("", "tasks")))
                .contains("order_by: at position 1");
    }

    private List<String> suites(String filter, String orderBy) {
        return fixture
                .suites
                .listSuites(ListSuitesRequest.newBuilder()
                        .setFilter(filter)
                        .setOrderBy(orderBy)
                        .build())
                .getRevisionsList()
                .stream()
                .map(SuiteRevision::getName)
                .toList();
    }

    @Test
    void aSuiteIsDeletedWhenNoEvaluationUsesIt() {
        fixture.withSuite();
        Evaluation evaluation = fixture.create(EvaluationFixture.spec());
        String id = evaluation.getName().substring("evaluations/".length());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> delete("suites/tiny")))
                .contains("suites/tiny cannot be deleted: " + "jobs/" + id + " uses it and is QUEUED")
                .contains("rootstock jobs cancel " + id + ", then rootstock jobs delete " + id);
        var _ = fixture.cancel(evaluation.getName());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> delete("suites/tiny")))
                .contains("is CANCELLED (rootstock jobs delete " + id + ")");
        fixture.delete(evaluation.getName());
        delete("suites/tiny");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> delete("suites/tiny"))).contains("suites/tiny");
        assertThat(fixture.suite(FILES).getName()).isEqualTo("suites/tiny/revisions/1");
    }

    private SuiteRevision get(String name) {
        return fixture.suites
                .getSuiteRevision(
                        GetSuiteRevisionRequest.newBuilder().setName(name).build())
                .getRevision();
    }

    private void delete(String name) {
        var _ = fixture.suites.deleteSuite(
                DeleteSuiteRequest.newBuilder().setName(name).build());
    }
}
