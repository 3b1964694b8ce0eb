package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void readsOverloadsKeywordOnlyArgumentsAndDefaults() {
        Schema schema = Schema.parse("aten::nll_loss(Tensor self, Tensor? weight=None, int reduction=Mean, *,"
                + " SymInt ignore_index=-100, float smoothing=0.5, int[2] dims=[], Tensor?[] more) -> (Tensor(a!) out,"
                + " Tensor[])");
        assertThat(schema.arguments().stream().map(Schema.Argument::name))
                .containsExactly("self", "weight", "reduction", "ignore_index", "smoothing", "dims", "more");
        assertThat(schema.arguments().get(0).required()).isTrue();
        assertThat(schema.arguments().get(1).defaultValue()).isNull();
        assertThat(schema.arguments().get(2).defaultValue()).isEqualTo(1L);
        assertThat(schema.arguments().get(3).defaultValue()).isEqualTo(-100L);
        assertThat(schema.arguments().get(4).defaultValue()).isEqualTo(0.5);
        assertThat(schema.arguments().get(6).type())
                .isEqualTo(new SchemaType(SchemaType.Base.TENSOR, true, true, false));
        assertThat(schema.results()).hasSize(2);
        assertThat(schema.results().get(1).list()).isTrue();
    }

    @Test
    void readsTheOverloadsName() {
        Schema schema = Schema.parse("aten::mm.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)");
        assertThat(schema.name()).isEqualTo("aten::mm");
        assertThat(schema.overload()).isEqualTo("out");
        assertThat(Schema.parse("aten::_backward(Tensor self) -> ()").results()).isEmpty();
    }
}
