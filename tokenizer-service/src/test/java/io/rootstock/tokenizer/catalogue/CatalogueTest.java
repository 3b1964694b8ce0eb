package io.rootstock.tokenizer.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.catalogue.Catalogue.Entry;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    @TempDir
    private Path folder;

    private Catalogue<Dataset> catalogue;

    @BeforeEach
    void open() {
        catalogue = new Catalogue<>(folder, Dataset.getDefaultInstance());
    }

    @Test
    void entriesOutliveTheProcess() {
        Dataset dataset = dataset("a").toBuilder().addLabels("häm").build();
        catalogue.put("a", new Entry<>("f", "r", dataset));
        assertThat(new Catalogue<>(folder, Dataset.getDefaultInstance()).find("a"))
                .contains(new Entry<>("f", "r", dataset));
        assertThat(catalogue.find("b")).isEmpty();
    }

    @Test
    void aTornWriteOfAKilledProcessIsNotSeen() throws IOException {
        catalogue.put("a", new Entry<>("f", "r", dataset("a")));
        Files.writeString(folder.resolve(".b.0f0f"), "{\"finger");
        assertThat(catalogue.ids()).containsExactly("a");
    }

    @Test
    void aDamagedFileIsReportedAsDataLoss() throws IOException {
        Files.writeString(folder.resolve("a.json"), "{\"finger");
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> catalogue.find("a"));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(failure).hasMessageContaining("a.json");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepeat() {
        for (int i = 0; i < 25; i++) {
            catalogue.put("d" + (char) ('a' + i), new Entry<>("f", "", dataset("d" + (char) ('a' + i))));
        }
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            Page<Dataset> page = Page.of(catalogue, "datasets", 10, token);
            page.resources().forEach(dataset -> names.add(dataset.getName()));
            token = page.nextPageToken();
        } while (!token.isEmpty());
        assertThat(names).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() -> Page.of(catalogue, "datasets", 10, "forged"))
                .isInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> Page.of(catalogue, "datasets", -1, "")).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void theSameRequestGivesTheSameResourceAndAnotherIsRefused() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        AtomicInteger made = new AtomicInteger();
        PrepareDatasetRequest request =
                PrepareDatasetRequest.newBuilder().setSeed(1).build();
        for (int i = 0; i < 3; i++) {
            assertThat(once.getOrCreate("datasets/a", "a", request, "r1", () -> {
                        made.incrementAndGet();
                        return dataset("a");
                    }))
                    .isEqualTo(dataset("a"));
        }
        assertThat(made).hasValue(1);
        PrepareDatasetRequest other = request.toBuilder().setSeed(2).build();
        assertThat(codeOf(() -> once.find("datasets/a", "a", other, ""))).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(codeOf(() -> once.find("datasets/b", "b", other, "r1"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(once.find("datasets/b", "b", other, "r2")).isEmpty();
    }

    @Test
    void aDeletedNameCanBeUsedAgainAndARefusedReleaseKeepsTheResource() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        PrepareDatasetRequest request =
                PrepareDatasetRequest.newBuilder().setSeed(1).build();
        once.getOrCreate("datasets/a", "a", request, "", () -> dataset("a"));
        assertThat(codeOf(() -> once.delete("datasets/a", "a", dataset -> {
                    throw Errors.failedPrecondition("STILL_REFERENCED", "a job uses " + dataset.getName());
                })))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(catalogue.ids()).containsExactly("a");
        once.delete("datasets/a", "a", dataset -> {});
        assertThat(catalogue.find("a")).isEmpty();
        assertThat(codeOf(() -> once.delete("datasets/a", "a", dataset -> {}))).isEqualTo(Status.Code.NOT_FOUND);
        PrepareDatasetRequest other = request.toBuilder().setSeed(2).build();
        assertThat(once.getOrCreate("datasets/a", "a", other, "", () -> dataset("a")))
                .isEqualTo(dataset("a"));
    }

    @Test
    void aTokenizerInUseIsNotDeletedAndUploadsAreKeptWhileAnOperationRuns() {
        RunningOperations operations = new RunningOperations();
        assertThat(operations.oldest()).isEmpty();
        try (RunningOperations.Operation _ = operations.begin("tokenizers/a")) {
            assertThat(operations.runUnlessUsed("tokenizers/a", () -> {
                        throw new AssertionError();
                    }))
                    .isFalse();
            assertThat(operations.runUnlessUsed("tokenizers/b", () -> {})).isTrue();
            assertThat(operations.runIfIdle(() -> {
                        throw new AssertionError();
                    }))
                    .isFalse();
            assertThat(operations.oldest()).isPresent();
        }
        assertThat(operations.runUnlessUsed("tokenizers/a", () -> {})).isTrue();
        assertThat(operations.runIfIdle(() -> {})).isTrue();
    }

    @Test
    void equalRequestsAtATimeMakeOneResource() {
        OnceByName<Dataset> once = new OnceByName<>(catalogue);
        AtomicInteger made = new AtomicInteger();
        IntStream.range(0, 50)
                .parallel()
                .forEach(
                        i -> once.getOrCreate("datasets/a", "a", PrepareDatasetRequest.getDefaultInstance(), "", () -> {
                            made.incrementAndGet();
                            return dataset("a");
                        }));
        assertThat(made).hasValue(1);
    }

    private static Status.Code codeOf(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call)
                .getStatus()
                .getCode();
    }

    private static Dataset dataset(String id) {
        return Dataset.newBuilder().setName("datasets/" + id).build();
    }
}
