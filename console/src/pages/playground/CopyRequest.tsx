import { Button, Menu } from '@mantine/core';
import { type ApiRequest, curl, java, python } from './snippets';

const FORMS = [
  { label: 'curl', of: curl },
  { label: 'Python', of: python },
  { label: 'Java', of: java },
];

/** Copies a request as a program. */
export function CopyRequest({ request }: { request: ApiRequest }) {
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default">Copy as</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMS.map(({ label, of }) => (
          <Menu.Item key={label} onClick={() => void navigator.clipboard.writeText(of(request))}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
