package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Forwards calls and records the uploaded inputs. */
final class RecordedCalls implements CudaCalls {
    private final CudaCalls calls;
    private final List<Input> inputs = new ArrayList<>();

    RecordedCalls(CudaCalls calls) {
        this.calls = calls;
    }

    List<Input> inputs() {
        return inputs;
    }

    @Override
    public void launch(String kernel, Geometry geometry, Object... arguments) {
        calls.launch(kernel, geometry, arguments);
    }

    @Override
    public Tensor upload(Input input) {
        inputs.add(input);
        return calls.upload(input);
    }
}
