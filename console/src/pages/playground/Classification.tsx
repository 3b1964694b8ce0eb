import { Button, Progress, Stack, Table, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { inference } from '../../api/clients';
import { Failure } from '../../components/Failure';

export function Classification({ model }: { model: string }) {
  const [text, setText] = useState('');
  const classify = useMutation({ mutationFn: () => inference.classify({ model, texts: [text] }) });
  const found = classify.data?.classifications[0];
  return (
    <Stack>
      <Textarea
        label="Text"
        autosize
        minRows={3}
        maxRows={16}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div>
        <Button loading={classify.isPending} onClick={() => classify.mutate()}>
          Classify
        </Button>
      </div>
      <Failure failure={classify.error} />
      {found && (
        <Table aria-label="Probabilities">
          <Table.Tbody>
            {found.probabilities
              .toSorted((a, b) => b.probability - a.probability)
              .map((each) => (
                <Table.Tr key={each.label}>
                  <Table.Th scope="row">{each.label}</Table.Th>
                  <Table.Td w="50%">
                    <Progress value={100 * each.probability} aria-label={each.label} />
                  </Table.Td>
                  <Table.Td>{(100 * each.probability).toFixed(1)} %</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
