package io.rootstock.service.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.names.EnumNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListQueryTest {
    private enum State {
        STATE_UNSPECIFIED,
        STATE_QUEUED,
        STATE_RUNNING
    }

    private record Item(String name, State state, long bytes, double loss, String time, Map<String, String> tags) {}

    private static final List<Item> ITEMS = List.of(
            new Item("spam", State.STATE_RUNNING, 10, 0.5, "2026-01-01T00:00:00Z", Map.of("team", "x", "a/b.c", "1")),
            new Item("spam-small", State.STATE_QUEUED, 20, 0.25, "2026-01-02T00:00:00Z", Map.of("team", "y")),
            new Item("ham", State.STATE_RUNNING, 20, 1.5, "2026-01-03T12:00:00.000001Z", Map.of()),
            new Item("a \"b\" & c", State.STATE_QUEUED, 5, -1, "2026-01-04T00:00:00Z", Map.of("team", "xy")));

    private static final ListFields<Function<Item, ?>> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, Item::name),
                    Field.of("state", State.class, item -> EnumNames.of(item.state())),
                    new Field<>("bytes", FieldType.INTEGER, Item::bytes),
                    new Field<>("loss", FieldType.NUMBER, Item::loss),
                    new Field<>("create_time", FieldType.TIMESTAMP, item -> Instant.parse(item.time())),
                    new Field<>("tags", FieldType.TAGS, Item::tags)),
            new Field<>("name", FieldType.TEXT, Item::name),
            false);

    private static final ListFields<String> COLUMNS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "id"),
                    Field.of("state", State.class, "state"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "create_time"),
                    new Field<>("tags", FieldType.TAGS, "tags")),
            new Field<>("number", FieldType.INTEGER, "number"),
            true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "state = RUNNING | ham, spam",
                "state = running | ham, spam",
                "state != RUNNING | a \"b\" & c, spam-small",
                "NOT state = RUNNING | a \"b\" & c, spam-small",
                "-state = RUNNING | a \"b\" & c, spam-small",
                "-(state = RUNNING OR bytes = 5) | spam-small",
                "name = spam | spam",
                "name = spam* | spam, spam-small",
                "name = \"*\" | a \"b\" & c, ham, spam, spam-small",
                "name != 'spam*' | a \"b\" & c, ham",
                "name = \"a \\\"b\\\" & c\" | a \"b\" & c",
                "bytes >= 20 | ham, spam-small",
                "bytes<20 | a \"b\" & c, spam",
                "loss > -0.5 AND loss <= 0.5 | spam, spam-small",
                "loss = -1 | a \"b\" & c",
                "create_time > \"2026-01-02\" | a \"b\" & c, ham",
                "create_time <= \"2026-01-03T13:00:00.000001+01:00\" | ham, spam, spam-small",
                "tags.team = x | spam",
                "tags.team = x* | a \"b\" & c, spam",
                "tags.team != x | a \"b\" & c, ham, spam-small",
                "tags:team | a \"b\" & c, spam, spam-small",
                "NOT tags:team | ham",
                "tags.a/b.c = 1 | spam",
                "tags.\"a/b.c\" = 1 | spam",
                "tags.team > x | a \"b\" & c, spam-small",
                // OR binds stronger than AND.
                "state = QUEUED AND bytes = 20 OR bytes = 10 | spam-small",
                "(state = QUEUED AND bytes = 20) OR bytes = 10 | spam, spam-small",
            })
    void selectsElements(String filter, String names) {
        assertThat(MemoryQuery.run(ListQuery.parse(FIELDS, filter, ""), Optional.empty(), ITEMS))
                .extracting(Item::name)
                .containsExactlyElementsOf(List.of(names.split(", ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "size = 1 | at position 1: unknown field 'size'; known fields: 'name', 'state', 'bytes', 'loss', 'create_time', 'tags.KEY'",
                "state = RUNNING AND  size=1 | at position 22: unknown field 'size'",
                "state = STOPPED | at position 9: the field 'state' has no value 'STOPPED'; known values: QUEUED, RUNNING",
                "state > RUNNING | at position 7: the field 'state' can be compared with = and != only",
                "bytes = many | at position 9: the field 'bytes' is compared with an integer, was 'many'",
                "bytes = 1.5 | was '1.5'",
                "create_time > yesterday | at position 15: the field 'create_time' is compared with a time such as",
                "create_time > \"2026-13-01\" | at position 15",
                "name : spam | at position 6",
                "name.x = 1 | the field 'name' has no parts",
                "tags = x | tags.KEY = \"value\" or tags:KEY",
                "tags.a : b | at position 8",
                "name | at position 5: expected one of = != < <= > >= :, was the end",
                "name = | at position 7: expected a text, was the end",
                "name = a b | at position 10: expected AND or OR, was 'b'",
                "name = a name = b | at position 10: expected AND or OR",
                "(name = a | at position 10: expected ')', AND or OR",
                "name = a) | at position 9: expected AND or OR, was ')'",
                "name = \"a | at position 8: the quote is not closed",
                "name ! a | at position 6",
                "= a | at position 1: expected a field",
                "name = a AND | at position 13: expected a field, was the end",
            })
    void namesThePositionOfAnError(String filter, String message) {
        assertInvalid("filter", message, filter, "");
    }

    @Test
    void boundsFilters() {
        assertInvalid("filter", "must have at most 2000 characters", "name = " + "a".repeat(2000), "");
        assertInvalid("filter", "more than 50 comparisons", "name = a OR ".repeat(50) + "name = a", "");
        assertInvalid("filter", "more than 20 nested", "(".repeat(21) + "name = a" + ")".repeat(21), "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "size | at position 1: cannot order by 'size'; known fields: 'name', 'state', 'bytes', 'loss', 'create_time'",
                "name, tags | at position 6: cannot order by 'tags'",
                "name up | at position 1: expected FIELD, FIELD asc or FIELD desc, was 'name up'",
                "name,, bytes | at position 6",
                "name, name, name, name, name | at most 4 fields",
            })
    void namesThePositionOfAnErrorInAnOrder(String orderBy, String message) {
        assertInvalid("order_by", message, "", orderBy);
    }

    @Test
    void pagesInAnyOrderGiveEachElementOnce() {
        for (String orderBy :
                List.of("", "name desc", "bytes", "bytes desc, name", "create_time desc", "state, loss desc")) {
            ListQuery<Function<Item, ?>> query = ListQuery.parse(FIELDS, "", orderBy);
            List<Item> all = MemoryQuery.run(query, Optional.empty(), ITEMS);
            List<Item> paged = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            for (List<Item> rest = all; !rest.isEmpty(); rest = MemoryQuery.run(query, cursor, ITEMS)) {
                paged.add(rest.getFirst());
                cursor = Optional.of(MemoryQuery.cursor(query, rest.getFirst()));
            }
            assertThat(paged).as(orderBy).isEqualTo(all).hasSize(ITEMS.size());
        }
        assertThat(MemoryQuery.run(ListQuery.parse(FIELDS, "", "bytes desc, name"), Optional.empty(), ITEMS))
                .extracting(Item::name)
                .containsExactly("ham", "spam-small", "spam", "a \"b\" & c");
    }

    @Test
    void sqlHasTheValuesAsArguments() {
        ListQuery<String> query = ListQuery.parse(
                COLUMNS,
                "state = RUNNING AND (name = \"x' or 1=1\" OR NOT tags.team = t*) AND tags:k",
                "create_time desc");
        SqlQuery sql = SqlQuery.of(query, Optional.of(ListQuery.cursor(List.of(Instant.EPOCH, 7L))));
        assertThat(sql.where())
                .isEqualTo("(state = ? and (id = ? or not coalesce(starts_with((tags ->> ?), ?), false))"
                        + " and jsonb_exists(tags, ?))"
                        + " and (create_time < ? or (create_time = ? and number < ?))");
        assertThat(sql.arguments())
                .containsExactly("RUNNING", "x' or 1=1", "team", "t", "k", Instant.EPOCH, Instant.EPOCH, 7L);
        assertThat(sql.orderBy()).isEqualTo("create_time desc, number desc");
        assertThat(sql.columns()).isEqualTo("create_time as cursor_0, number as cursor_1");
        SqlQuery plain = SqlQuery.of(ListQuery.parse(COLUMNS, " ", ""), Optional.of("7"));
        assertThat(plain.where()).isEqualTo("true and (number < ?)");
        assertThat(plain.orderBy()).isEqualTo("number desc");
    }

    @Test
    void aCursorOfAnotherOrderIsRejected() {
        ListQuery<String> query = ListQuery.parse(COLUMNS, "", "create_time");
        for (String cursor : List.of("7", "soon&7", "1970-01-01T00:00:00Z&seven", "")) {
            assertThatThrownBy(() -> SqlQuery.of(query, Optional.of(cursor)))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("page_token");
        }
    }

    private static void assertInvalid(String field, String message, String filter, String orderBy) {
        assertThatThrownBy(() -> ListQuery.parse(FIELDS, filter, orderBy))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(failure.getStatus().getDescription())
                            .startsWith(field + ": ")
                            .contains(message);
                });
    }
}
