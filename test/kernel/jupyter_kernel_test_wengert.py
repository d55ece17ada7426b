"""The checks of jupyter_kernel_test, none skipped, on the kernel of the environment's JUPYTER_PATH."""
import unittest

import jupyter_kernel_test as jkt
from jupyter_client.manager import KernelManager


class WengertTests(jkt.KernelTests):
    kernel_name = "wengert"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.ab", "matches": {"abs"}},
        {"text": "[1].findLastI", "matches": {"findLastIndex"}},
    ]
    complete_code_samples = ["1 + 1", "function f() { return 1 }", "console.log(`a`)", "const xs = [\n 1,\n]"]
    incomplete_code_samples = ["function f() {", "const t = `a", "[1, 2,", "if (true) {\n  1", "/* open"]
    invalid_code_samples = ["const = 3", "let x = ;", "1 +* 2", "f(]"]
    code_page_something = "Math.sin?"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "`a${1 + 1}`", "result": "'a2'"},
        {"code": "({ a: [1, 2] })", "result": "{ a: [ 1, 2 ] }"},
    ]
    code_display_data = [
        {"code": "import { display, html } from 'wengert/notebook'; display(html('<b>bold</b>'));", "mime": "text/html"},
        {"code": "display({ 'image/png': 'AAAA', 'text/plain': 'dot' }, { raw: true });", "mime": "image/png"},
    ]
    code_history_pattern = "6 [*] 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "import { clearOutput } from 'wengert/notebook'; clearOutput()"


class Welcome(unittest.TestCase):
    """What release 0.7 of jupyter_kernel_test checks beyond that of Debian."""

    def test_first_message_is_the_welcome(self):
        manager = KernelManager(kernel_name="wengert")
        manager.start_kernel()
        client = manager.client()
        try:
            client.start_channels()
            message = client.get_iopub_msg(timeout=jkt.TIMEOUT)
            self.assertEqual(message["msg_type"], "iopub_welcome")
            self.assertEqual(message["header"]["msg_type"], "iopub_welcome")
            self.assertEqual(message["content"], {"subscription": ""})
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    unittest.main()
