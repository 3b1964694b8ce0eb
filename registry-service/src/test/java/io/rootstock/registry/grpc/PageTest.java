package io.rootstock.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void hasAtMostTheRequestedRows() {
        assertThat(Answers.page(rows(5, 10), 3, row -> row)).hasSize(3);
        assertThat(Answers.page(rows(2, 10), 3, row -> row)).hasSize(2);
        assertThat(Answers.page(rows(0, 10), 3, row -> row)).isEmpty();
    }

    @Test
    void fitsIntoAMessage() {
        assertThat(Answers.page(rows(100, 1 << 20), 100, row -> row)).hasSize(2);
    }

    @Test
    void hasALargeRowAlone() {
        assertThat(Answers.page(rows(2, 4 << 20), 100, row -> row)).hasSize(1);
    }

    private static List<StringValue> rows(int count, int length) {
        return Collections.nCopies(count, StringValue.of("x".repeat(length)));
    }
}
