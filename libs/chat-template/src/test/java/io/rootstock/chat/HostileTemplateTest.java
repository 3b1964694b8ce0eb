package io.rootstock.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates that would exhaust memory, the stack or time; each is refused by the limit that it exceeds. */
@Timeout(60)
class HostileTemplateTest {
    private static final String TEXT = "longer than 4194304 characters";
    private static final String STEPS = "more than 5000000 steps";
    private static final String BYTES = "more than 67108864 bytes";
    private static final String DEPTH = "deeper than 500 levels";

    @Test
    void aTextThatDoublesIsRefusedWithTheLimit() {
        String doubling = "{% set ns = namespace(s='x') %}" + "{% set ns.s = ns.s + ns.s %}".repeat(60)
                + "{{ messages[0].content }}";
        assertThatThrownBy(() -> ChatTemplate.parse(doubling))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessage("the chat template fails in line 1: a text becomes longer than 4194304 characters");
    }

    /** {@code X} stands for a list that doubles itself 60 times; {@code D} for a list 100,000 levels deep. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                // Texts.
                "{{ ('x' * 4000000) ~ ('x' * 4000000) }} § " + TEXT,
                "{{ 'x' * 99999999 }} § " + TEXT,
                "{{ range(100000)|join('x' * 1000) }} § " + TEXT,
                "{{ ('x' * 100000).join(range(1000)) }} § " + TEXT,
                "{{ ('x' * 100000).replace('x', 'y' * 1000) }} § " + TEXT,
                "{{ ('x' * 100000)|replace('x', 'y' * 1000) }} § " + TEXT,
                "{{ '%s%s' % ('x' * 4000000, 'y' * 4000000) }} § " + TEXT,
                "{{ '{0}{0}'.format('x' * 4000000) }} § " + TEXT,
                "{{ ('x' * 4000000)|indent(4)|indent('y' * 4000000, true) }} § " + BYTES,
                "{{ ['x' * 1000000, 'x' * 1000000, 'x' * 1000000, 'x' * 1000000, 'x' * 1000000] }} § " + TEXT,
                "{{ [[[[1]]]]|tojson(indent='x' * 2000000) }} § " + TEXT,
                "{{ range(1000)|tojson(separators=('x' * 100000, ':')) }} § " + TEXT,
                "{{ ('<' * 1000000)|escape|forceescape }} § " + TEXT,
                "{{ strftime_now('%A' * 1000000) }} § " + TEXT,
                "{% for i in range(100000) %}{{ 'x' * 100 }}{% endfor %} § rendered text is longer than 4194304",
                "{% set x = 'x' * 1000 %}{% for i in range(100000) %}{{ x }}{% endfor %} § rendered text is longer"
                        + " than 4194304",
                "{% set l = namespace(l=[]) %}{% for i in range(100) %}{% set l.l = l.l + ['x' * 1000000] %}{% endfor"
                        + " %} § "
                        + BYTES,
                "{% set x %}{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}{% endset %} § rendered text is"
                        + " longer than 4194304",
                "{% macro m() %}{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}{% endmacro %}{{ m() }} §"
                        + " rendered text is longer than 4194304",
                // Lists.
                "X § " + BYTES,
                "{% set l = namespace(l=[]) %}{% for i in range(1000) %}{% set l.l = l.l + range(100000) %}{% endfor"
                        + " %} § "
                        + BYTES,
                "{{ range(1000000) }} § more than 100000 numbers",
                "{% for i in range(100000) %}{% set x = range(100000) %}{% endfor %} § " + BYTES,
                "{{ ('x' * 1000000)|list }} § " + BYTES,
                "{{ ('x ' * 2000000).split() }} § " + BYTES,
                "{{ ('x ' * 2000000).rsplit(' ', 3000000) }} § " + BYTES,
                // Time.
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %} § " + BYTES,
                "{% for a in range(50000) %}" + "IF0" + "{% endfor %} § " + STEPS,
                "{% set r = range(99999) %}{% for a in range(99999) %}{% set x = 0 in r %}{% set y = 7 in ['a'] %}"
                        + "{% set z = -1 in r %}{% endfor %} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% set y = 'a' * 500000 ~ 'b' %}{{ y in x }} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% set y = 'a' * 250000 ~ 'b' ~ 'a' * 250000 %}{{ x.rfind(y) }} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% set y = 'a' * 1000000 %}{% for i in range(9999) %}{% set z = x == y %}"
                        + "{% endfor %} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% for i in range(9999) %}{% set z = x|length %}{% endfor %} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% for i in range(9999) %}{% set z = x.isalpha() %}{% endfor %} § " + STEPS,
                "{% set x = 'a' * 1000000 %}{% for i in range(9999) %}{% set z = x.count('b') %}{% endfor %} § "
                        + STEPS,
                "{% set x = 'a' * 1000000 %}{% set l = range(9999)|map(attribute='x', default=x ~ 'b')|list %}"
                        + "{{ (x ~ 'c').startswith(l) }} § " + STEPS,
                "{% set n = namespace() %}{% set n.a = n %}{{ [n]|map(attribute='a.' * 2000000)|list }} § " + BYTES,
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ l.l == l.l }} § " + STEPS,
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ l.l < l.l }} § " + STEPS,
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ l.l|tojson }} § 4194304 characters",
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ l.l }} § 4194304 characters",
                "{% set l = namespace(l=[]) %}" + "REPEAT60" + "{{ ([l.l]|string)|length }} § 4194304 characters",
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ {l.l: 1} }} § unhashable type: 'list'",
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ l.l in {'a': 1} }} § unhashable type: 'list'",
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ {}.get(l.l) }} § unhashable type: 'list'",
                "{% set l = namespace(l=[1]) %}" + "REPEAT60" + "{{ [l.l]|unique }} § unhashable type: 'list'",
                // Depth.
                "D{{ l.l }} § " + DEPTH,
                "D{{ l.l|tojson }} § " + DEPTH,
                "D{{ l.l == [l.l][0] }} § " + DEPTH,
                "D{{ 'abc' ~ l.l }} § " + DEPTH,
                "{{ NOT 1 }} § deeper than 200 levels",
                "{{ MINUS 1 }} § deeper than 200 levels",
                "{{ 1 PLUS }} § " + DEPTH,
                "{{ x FILTERS }} § " + DEPTH,
                "{% filter upper FILTERS %}x{% endfilter %} § " + DEPTH,
                "{{ x ATTRIBUTES }} § " + DEPTH,
                "{{ 1 if x ELSES }} § deeper than 200 levels",
                "IFS § blocks are nested deeper than 100 levels",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }} § deeper than 50 levels",
                "{% macro m() %}{% call m() %}{% endcall %}{% endmacro %}{{ m() }} § deeper than 50 levels",
                // Operations that fail in Java.
                "{{ '%99999999999d' % 1 }} § not all arguments converted",
                "{{ '%.99999999999f' % 1.0 }} § not all arguments converted",
                "{{ -(-9223372036854775807 - 1) }} § too large",
                "{{ 1 is divisibleby 0 }} § zero",
                "{{ range() }} § range expected at least 1 argument",
                "{% for i in [1] %}{{ loop.cycle() }}{% endfor %} § no items for cycling given",
                "{{ [1].index() }} § missing a required argument",
                "{{ raise_exception('x' * 1000000) }} § …",
            })
    void aTemplateThatExceedsALimitIsRefused(String template, String reason) {
        String source = template.replaceFirst(
                        "^X",
                        "{% set l = namespace(l=[1]) %}{% for i in range(60) %}{% set l.l = l.l + l.l %}{% endfor %}")
                .replaceFirst(
                        "^D",
                        "{% set l = namespace(l=[]) %}{% for i in range(99999) %}{% set l.l = [l.l] %}{% endfor %}")
                .replace("REPEAT60", "{% set l.l = [l.l, l.l] %}".repeat(60))
                .replace("NOT", "not ".repeat(50_000))
                .replace("MINUS", "- ".repeat(50_000))
                .replace("PLUS", "+ 1".repeat(50_000))
                .replace("FILTERS", "|upper".repeat(40_000))
                .replace("ATTRIBUTES", ".x".repeat(50_000))
                .replace("ELSES", "else 1 if x ".repeat(20_000))
                .replace("IF0", "{% if 0 == 1 %}{% endif %}".repeat(100))
                .replace("IFS", "{% if x %}".repeat(20_000));
        assertThatThrownBy(() -> ChatTemplate.parse(source + "{{ messages[0].content }}"))
                .isInstanceOf(ChatTemplateException.class)
                .message()
                .contains(reason)
                .hasSizeLessThan(1_000);
    }

    @Test
    void aTemplateThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> ChatTemplate.parse("x".repeat(262_145)))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("the template has 262145 characters, more than 262144");
    }

    @Test
    void theDeepestTemplateFitsIntoASmallStack() throws InterruptedException {
        String deepest = "{% macro m(n) %}{% if n > 0 %}{% for i in [1] %}{{ [[[m(n - 1)]]][0][0][0] }}{% endfor %}"
                + "{% endif %}{% endmacro %}{{ m(100) }}{{ messages[0].content }}";
        String nested = "{{ " + "[".repeat(99) + "x" + "]".repeat(99) + " }}" + "{{ messages[0].content }}";
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    assertThatThrownBy(() -> ChatTemplate.parse(deepest)).hasMessageContaining("levels");
                    ChatTemplate.parse(nested);
                },
                "small stack",
                512 << 10);
        thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void hostileTemplatesAtOnceStayWithinMemory() throws Exception {
        String large = "{% set l = namespace(l=[]) %}{% for i in range(100) %}{% set l.l = l.l + ['é' * 1000000] %}"
                + "{% endfor %}{{ messages[0].content }}";
        try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
            List<Callable<Object>> parses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                parses.add(() -> ChatTemplate.parse(large));
            }
            for (Future<Object> parse : threads.invokeAll(parses)) {
                assertThatThrownBy(parse::get)
                        .hasCauseInstanceOf(ChatTemplateException.class)
                        .hasMessageContaining(BYTES);
            }
        }
    }

    @Test
    void aLongConversationIsRendered() {
        String template = "{%- for m in messages %}<|im_start|>{{ m.role }}\n"
                + "{%- set c = m.content.split('</think>')[-1].lstrip('\\n') | trim %}"
                + "{%- if '<tool>' in c or c is iterable and c[0] == '<' %}{{ c[-1] }}{% endif %}"
                + "{{ c }}<|im_end|>\n{% endfor %}";
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            turns.add(new Turn(i % 2 == 0 ? "user" : "assistant", "word ".repeat(400)));
        }
        List<Segment> segments =
                ChatTemplate.parse(template).render(new Conversation(turns, List.of(), true, Map.of()));
        assertThat(segments.stream()
                        .mapToInt(segment -> segment.text().length())
                        .sum())
                .isGreaterThan(950_000);
        assertThat(ChatTemplate.parse(ChatTemplate.CHATML)
                        .render(List.of(new Turn("user", "x".repeat(4_000_000))), true)
                        .get(1)
                        .text())
                .hasSize(4_000_000);
    }
}
