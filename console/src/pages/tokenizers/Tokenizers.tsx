import { Button, Select, Stack, Table, Text, Textarea, Title, useComputedColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tokenizers } from '../../api/clients';
import { tokenizerList } from '../../api/lists';
import { useWatchedList } from '../../api/useWatchedList';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { SpecialTokenHandling } from '../../gen/rootstock/tokenizer/v1/tokenizer_pb';
import { figure, id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

/** Characters of the playground: one request per token decodes it. */
const MOST_CHARACTERS = 2000;

/** Tokenizers, and a playground that shows the tokens of a text. */
export default function Tokenizers() {
  const { list, failure, more, retry } = useWatchedList(tokenizerList, '');
  const [first, setFirst] = useUrlState('a', '');
  const [second, setSecond] = useUrlState('b', '');
  const [text, setText] = useState('The quick brown fox jumps over the lazy dog.');
  const [encoded] = useDebouncedValue(text, 300);
  const names = list?.items.map((each) => id(each.name)) ?? [];
  const shown = [first === '' ? (names[0] ?? '') : first, second].filter((name) => name !== '');
  return (
    <Page title="Tokenizers">
      <Failure failure={failure} retry={retry} />
      <Table striped aria-label="Tokenizers">
        <Table.Thead>
          <Table.Tr>
            {['Tokenizer', 'Vocabulary', 'Bytes per token', 'Special tokens', 'Created'].map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list?.items.map((each) => (
            <Table.Tr key={each.name}>
              <Table.Td>{id(each.name)}</Table.Td>
              <Table.Td>{each.vocabularySize}</Table.Td>
              <Table.Td>{each.bytesPerToken === 0 ? '–' : figure(each.bytesPerToken)}</Table.Td>
              <Table.Td>{each.specialTokens.length}</Table.Td>
              <Table.Td>{time(each.createTime)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more && (
        <Button variant="default" size="compact-sm" onClick={more}>
          More tokenizers
        </Button>
      )}
      <Title order={2} size="h4">
        Playground
      </Title>
      <Stack>
        <Textarea
          label="Text"
          autosize
          minRows={3}
          maxRows={12}
          maxLength={MOST_CHARACTERS}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          label="Tokenizer"
          w={300}
          data={names}
          value={shown[0] ?? null}
          onChange={(value) => setFirst(value ?? '')}
        />
        <Select
          label="Compare with"
          w={300}
          clearable
          data={names}
          value={second || null}
          onChange={(value) => setSecond(value ?? '')}
        />
        {shown.map((name) => (
          <Encoding key={name} tokenizer={`tokenizers/${name}`} text={encoded} />
        ))}
      </Stack>
    </Page>
  );
}

function Encoding({ tokenizer, text }: { tokenizer: string; text: string }) {
  const dark = useComputedColorScheme('light') === 'dark';
  const tokens = useQuery({
    queryKey: ['encoding', tokenizer, text],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const { tokenIds } = await tokenizers.encode({
        tokenizer,
        text,
        specialTokens: SpecialTokenHandling.AS_SPECIAL,
      });
      const distinct = [...new Set(tokenIds)];
      const pieces = await Promise.all(distinct.map((token) => tokenizers.decode({ tokenizer, tokenIds: [token] })));
      const byToken = new Map(distinct.map((token, index) => [token, pieces[index]?.text ?? '']));
      return tokenIds.map((token) => ({ token, text: byToken.get(token) ?? '' }));
    },
  });
  const length = new TextEncoder().encode(text).length;
  return (
    <section aria-label={tokenizer}>
      <Failure failure={tokens.error} />
      {tokens.data && (
        <>
          <Text size="sm">
            {id(tokenizer)}: {tokens.data.length} tokens, {length} bytes
            {tokens.data.length > 0 && `, ${figure(length / tokens.data.length)} bytes per token`}
          </Text>
          <div style={{ fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: 1.8 }}>
            {tokens.data.map(({ token, text: piece }, position) => (
              <span
                // The tokens of a text are replaced together.
                // oxlint-disable-next-line react/no-array-index-key
                key={position}
                className="token"
                title={String(token)}
                style={{ background: `hsl(${(position * 67) % 360} 60% ${dark ? 25 : 88}%)` }}
              >
                {piece}
              </span>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
