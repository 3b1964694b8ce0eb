package io.rootstock.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.rootstock.registry.database.PageQuery;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void hasAtMostTheRequestedRows() {
        assertThat(Answers.page(rows(5, 10), 3)).hasSize(3);
        assertThat(Answers.page(rows(2, 10), 3)).hasSize(2);
        assertThat(Answers.page(rows(0, 10), 3)).isEmpty();
    }

    @Test
    void fitsIntoAMessage() {
        assertThat(Answers.page(rows(100, 1 << 20), 100)).hasSize(2);
    }

    @Test
    void hasALargeRowAlone() {
        assertThat(Answers.page(rows(2, 4 << 20), 100)).hasSize(1);
    }

    private static List<PageQuery.Listed<StringValue>> rows(int count, int length) {
        return Collections.nCopies(count, new PageQuery.Listed<>("", StringValue.of("x".repeat(length))));
    }
}
