package io.rootstock.inference.service;

import io.rootstock.llama.TinyModel;
import java.util.Map;

/** Reference forward pass of a {@link TinyModel} in double precision, to compare with llama.cpp. */
final class PlainLlama {
    private static final int HEAD = TinyModel.DIMENSION / TinyModel.HEADS;

    private final Map<String, float[]> tensors;

    PlainLlama(TinyModel model) {
        this.tensors = model.tensors;
    }

    /** Returns the final hidden state of the last token, [D]. */
    double[] lastHiddenState(int[] tokens) {
        int length = tokens.length;
        double[][] x = new double[length][TinyModel.DIMENSION];
        for (int t = 0; t < length; t++) {
            for (int d = 0; d < TinyModel.DIMENSION; d++) {
                x[t][d] = tensors.get("token_embd.weight")[tokens[t] * TinyModel.DIMENSION + d];
            }
        }
        for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
            String block = "blk." + layer + ".";
            double[][] q = new double[length][];
            double[][] k = new double[length][];
            double[][] v = new double[length][];
            for (int t = 0; t < length; t++) {
                double[] h = norm(x[t], block + "attn_norm.weight");
                q[t] = rotated(times(block + "attn_q.weight", h), t);
                k[t] = rotated(times(block + "attn_k.weight", h), t);
                v[t] = times(block + "attn_v.weight", h);
            }
            for (int t = 0; t < length; t++) {
                add(x[t], times(block + "attn_output.weight", attention(q[t], k, v, t)));
                double[] h = norm(x[t], block + "ffn_norm.weight");
                double[] gate = times(block + "ffn_gate.weight", h);
                double[] up = times(block + "ffn_up.weight", h);
                for (int i = 0; i < gate.length; i++) {
                    gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
                }
                add(x[t], times(block + "ffn_down.weight", gate));
            }
        }
        return norm(x[length - 1], "output_norm.weight");
    }

    /** Returns the log-probabilities (natural logarithm) of the next token, [V]. */
    double[] logprobs(int[] tokens) {
        double[] logits = times("output.weight", lastHiddenState(tokens));
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        double[] result = new double[logits.length];
        for (int token = 0; token < logits.length; token++) {
            result[token] = logits[token] - Math.log(sum);
        }
        return result;
    }

    private static double[] attention(double[] q, double[][] k, double[][] v, int last) {
        double[] result = new double[TinyModel.HEADS * HEAD];
        for (int head = 0; head < TinyModel.HEADS; head++) {
            int shared = head / (TinyModel.HEADS / TinyModel.KEY_VALUE_HEADS);
            double[] weights = new double[last + 1];
            double total = 0;
            for (int t = 0; t <= last; t++) {
                double score = 0;
                for (int i = 0; i < HEAD; i++) {
                    score += q[head * HEAD + i] * k[t][shared * HEAD + i];
                }
                weights[t] = Math.exp(score / Math.sqrt(HEAD));
                total += weights[t];
            }
            for (int t = 0; t <= last; t++) {
                for (int i = 0; i < HEAD; i++) {
                    result[head * HEAD + i] += weights[t] / total * v[t][shared * HEAD + i];
                }
            }
        }
        return result;
    }

    /** Applies RoPE to interleaved pairs, GGUF's layout. */
    private static double[] rotated(double[] values, int position) {
        double[] result = values.clone();
        for (int i = 0; i < values.length; i += 2) {
            double angle = position * Math.pow(10_000, -(double) (i % HEAD) / HEAD);
            result[i] = values[i] * Math.cos(angle) - values[i + 1] * Math.sin(angle);
            result[i + 1] = values[i] * Math.sin(angle) + values[i + 1] * Math.cos(angle);
        }
        return result;
    }

    private double[] norm(double[] x, String weight) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double scale = 1 / Math.sqrt(squares / x.length + 1e-5);
        double[] result = new double[x.length];
        for (int d = 0; d < x.length; d++) {
            result[d] = x[d] * scale * tensors.get(weight)[d];
        }
        return result;
    }

    private double[] times(String weight, double[] x) {
        float[] matrix = tensors.get(weight);
        double[] result = new double[matrix.length / x.length];
        for (int row = 0; row < result.length; row++) {
            for (int d = 0; d < x.length; d++) {
                result[row] += matrix[row * x.length + d] * x[d];
            }
        }
        return result;
    }

    private static void add(double[] x, double[] more) {
        for (int d = 0; d < x.length; d++) {
            x[d] += more[d];
        }
    }
}
