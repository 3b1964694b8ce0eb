import { Tooltip, useComputedColorScheme } from '@mantine/core';
import type { TokenLogprob } from '../../gen/rootstock/inference/v1/completion_pb';

/** Generated tokens, coloured by their probability; the most probable alternatives are their tooltips. */
export function Tokens({ tokens }: { tokens: TokenLogprob[] }) {
  const dark = useComputedColorScheme('light') === 'dark';
  const decoder = new TextDecoder();
  return (
    <div style={{ fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 14 }}>
      {tokens.map((token, position) => {
        const probability = Math.exp(token.logprob ?? 0);
        const alternatives = token.topLogprobs
          .map((each) => `${text(each)} ${(100 * Math.exp(each.logprob ?? 0)).toFixed(1)} %`)
          .join(', ');
        return (
          // Tokens are only appended: their position identifies them.
          // oxlint-disable-next-line react/no-array-index-key
          <Tooltip key={position} label={`${(100 * probability).toFixed(1)} %; ${alternatives}`} withinPortal={false}>
            <span
              className="token"
              style={{ background: `hsl(${Math.round(120 * probability)} 70% ${dark ? 25 : 85}%)` }}
            >
              {token.special || decoder.decode(token.piece, { stream: true })}
            </span>
          </Tooltip>
        );
      })}
    </div>
  );
}

function text(token: TokenLogprob): string {
  return JSON.stringify(token.special || new TextDecoder().decode(token.piece));
}
