"""Tests of the importer: the tricky shapes of the text, and the whole where the books are at hand."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from book import Line, action_name, structure_heading, without_running_title  # noqa: E402
from constraints import extract, flat  # noqa: E402
from examples import Types, logical_lines, nested, query_pairs  # noqa: E402
from model import Action, Parameter, Service, Structure, Member  # noqa: E402
from overrides import overrides_of  # noqa: E402
from render import constraint_words  # noqa: E402
from service import BOOKS, REPOSITORY, make_mutual, may_be_null, merged  # noqa: E402
from tables import TypeReader, read_errors, read_input_table, read_output_table, read_structure_table  # noqa: E402

BOOK_FOLDER = REPOSITORY.parent / "shared" / "seeds"
TYPES = TypeReader(["Tag", "Instance", "NetworkInterface", "DataDisk"])


def lines_of(text: str) -> list[Line]:
    """Lines of a dump; `>` at the start of a line marks the start of a page."""
    return [Line(number, line.removeprefix(">"), line.startswith(">"))
            for number, line in enumerate(text.strip("\n").split("\n"), start=1)]


class InputTables(unittest.TestCase):
    def row(self, text: str) -> tuple[str, str, str, str]:
        rows = read_input_table(lines_of(text), TYPES)
        self.assertEqual(len(rows), 1)
        return rows[0].name, rows[0].need, rows[0].type, " ".join(rows[0].text.split())

    def test_row_in_one_line(self) -> None:
        self.assertEqual(self.row("Limit No Integer Number of results."),
                         ("Limit", "No", "Integer", "Number of results."))

    def test_type_wrapped_in_its_column(self) -> None:
        self.assertEqual(self.row("Tags.N No\n\nArray\nof\nTag\n\nList of tags."),
                         ("Tags.N", "No", "Array of Tag", "List of tags."))

    def test_type_cut_by_the_page(self) -> None:
        self.assertEqual(self.row("DnsServers.N No Array\nof\n\nUp to 4 addresses.\n>String"),
                         ("DnsServers.N", "No", "Array of String", "Up to 4 addresses."))

    def test_description_that_looks_like_a_type(self) -> None:
        text = "InstanceIds.N Yes Array of Instance IDs. Call\n>String DescribeInstances and look."
        self.assertEqual(self.row(text), ("InstanceIds.N", "Yes", "Array of String",
                                          "Instance IDs. Call DescribeInstances and look."))

    def test_header_repeated_on_the_next_page(self) -> None:
        text = "Parameter\nName\n\nRequired Type Description\nA No String One.\n>Parameter\nName\n\n" \
               "Required Type Description\nB Yes Integer Two."
        self.assertEqual([row.name for row in read_input_table(lines_of(text), TYPES)], ["A", "B"])

    def test_row_without_a_type_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            read_input_table(lines_of("A No Nothing known"), TYPES)


class OutputTables(unittest.TestCase):
    def test_name_alone_then_type(self) -> None:
        rows = read_output_table(lines_of("Set\nArray of\nNetworkInterface\n\nList.\nTotal Integer Count."), TYPES)
        self.assertEqual([(row.name, row.type) for row in rows],
                         [("Set", "Array of NetworkInterface"), ("Total", "Integer")])

    def test_timestamp_with_its_form_on_the_next_line(self) -> None:
        rows = read_output_table(lines_of("CreatedTime Timestamp\nISO8601\n\nTime."), TYPES)
        self.assertEqual((rows[0].type, rows[0].text), ("Timestamp ISO8601", "Time."))

    def test_required_column_of_structures(self) -> None:
        text = "Used by actions: X.\n\nName Type Required Description\n\nTags Array of\nTag\n\nNo Tag pairs.\n\n" \
               "Ids Array of\nString\n\nYes\n\nArray of ids."
        rows = read_structure_table(lines_of(text), TYPES)
        self.assertEqual([(row.name, row.need, row.type, row.text) for row in rows],
                         [("Tags", "No", "Array of Tag", "Tag pairs."), ("Ids", "Yes", "Array of String",
                                                                          "Array of ids.")])

    def test_need_between_the_pieces_of_a_type(self) -> None:
        text = "Used by actions: X.\n\nName Type Required Description\n\nKeyIds Array No List of keys. With a key\n" \
               ">of\nString\n\nno password is needed."
        row = read_structure_table(lines_of(text), TYPES)[0]
        self.assertEqual((row.name, row.need, row.type), ("KeyIds", "No", "Array of String"))
        self.assertEqual(row.text.split("\n"), ["List of keys. With a key", "no password is needed."])

    def test_table_without_a_header_after_a_page_break(self) -> None:
        rows = read_structure_table(lines_of("Used by actions: X.\n\n>Count Integer Total."), TYPES)
        self.assertEqual([row.name for row in rows], ["Count"])

    def test_empty_table(self) -> None:
        self.assertEqual(read_structure_table(lines_of("Used by actions: X.\n"), TYPES), [])


class Errors(unittest.TestCase):
    def test_codes_with_and_without_a_dot(self) -> None:
        text = "Error Code Description\n\nOverQuota Too many.\n\nFailedOperation.InvaildState The state\n" \
               "TencentCloud Automation is off.\n\nInvalidParameter.Coexist Both."
        self.assertEqual(read_errors(lines_of(text), {"TencentCloud"}),
                         ["OverQuota", "FailedOperation.InvaildState", "InvalidParameter.Coexist"])

    def test_page_without_codes(self) -> None:
        self.assertEqual(read_errors(lines_of("There is no error code."), set()), [])


class Pages(unittest.TestCase):
    def test_running_title_wrapped(self) -> None:
        lines = lines_of("text\n\nInquireLongOffer\ning\nLast updated：2024\n>more")
        self.assertEqual(action_name(lines), "InquireLongOffering")
        kept = without_running_title(lines, "InquireLongOffering")
        self.assertEqual([line.words for line in kept], ["text", "more"])

    def test_running_title_with_category(self) -> None:
        lines = lines_of("row\n\nImage APIs\n\nDeleteImage\nLast updated：2024\nnext")
        kept = without_running_title(lines, "DeleteImage")
        self.assertEqual([line.words for line in kept], ["row", "", "next"])

    def test_heading_above_a_description_of_one_word(self) -> None:
        lines = lines_of("end.\n\nNetworkInterface\n\nENI\n\nUsed by actions: X.")
        self.assertEqual(lines[structure_heading(lines, 6)].words, "NetworkInterface")

    def test_null_in_several_wordings(self) -> None:
        self.assertTrue(may_be_null("Note: this field may return\xa0null\xa0, indicating nothing."))
        self.assertTrue(may_be_null("Note: this parameter is \xa0null\xa0 for postpaid instances."))
        self.assertFalse(may_be_null("May be empty."))


class Constraints(unittest.TestCase):
    def check(self, type_: str, text: str, expected: dict[str, object], name: str = "X", siblings: str = "") -> None:
        self.assertEqual(extract(type_, text, name, siblings.split()), expected)

    def test_default_and_maximum(self) -> None:
        self.check("Integer", "Default value: 20. Maximum value: 100. More.", {"default": "20", "max": "100"})
        self.check("Integer", "Number; default value: 20; maximum: 100. More", {"default": "20", "max": "100"})
        self.check("Integer", "Rate. Value range: 2–\n60. Default value: 2. Small.",
                   {"default": "2", "min": "2", "max": "60"})
        self.check("Integer", "Value range: 1 (default) to 100.", {"default": "1", "min": "1", "max": "100"})

    def test_enumerations(self) -> None:
        self.check("String", "Kind. Valid values: \nSOFT: soft\nHARD: hard\nDefault value: SOFT.",
                   {"enum": ["SOFT", "HARD"], "default": "SOFT"})
        self.check("String", "Valid values: \xa0RAW\xa0, \xa0QCOW2\xa0 and\n\xa0VMDK\xa0. Default value: \xa0RAW\xa0.",
                   {"enum": ["RAW", "QCOW2", "VMDK"], "default": "RAW"})
        self.check("Integer", "Order. 0: descending; 1: ascending.", {"enum": ["0", "1"]})
        self.check("String", "Keep? Valid values: TRUE: yes FALSE: no Default value: FALSE.",
                   {"enum": ["true", "false", "TRUE", "FALSE"], "default": "FALSE"})

    def test_defaults_that_are_none(self) -> None:
        self.check("String", "Month. Default value: the last month", {})
        self.check("String", "Default value: CLOUD. Valid values: A, B.", {"enum": ["A", "B"]})
        self.check("Boolean", "Delay? Default value: no.", {"default": "false"})

    def test_lengths(self) -> None:
        self.check("String", "Name, up to 60 bytes.", {"maxlength": "60"})
        self.check("String", "It cannot start with a space or exceed 60 characters.", {"maxlength": "60"})
        self.check("String", "Must be 1-\n60 characters long.", {"minlength": "1", "maxlength": "60"})
        self.check("String", "Linux: 8–30 characters. Windows: 12–30 characters.",
                   {"minlength": "8", "maxlength": "30"})

    def test_items(self) -> None:
        self.check("Array of String", "You can request up to 100 instances at a time.", {"maxitems": "100"})
        self.check("Array of String", "Only one security group can be associated.", {"maxitems": "1"})

    def test_exclusive(self) -> None:
        text = "\xa0VpcIds\xa0 and \xa0Filters\xa0 cannot be specified at the same time."
        self.check("Array of String", text, {"exclusive": ["Filters"]}, "VpcIds", "VpcIds Filters")
        self.check("Array of String", text, {}, "VpcIds", "VpcIds")
        torn = "Such as\n AddressIds\xa0 and \xa0Filters\xa0 cannot be specified at the same time."
        self.check("Array of String", torn, {"exclusive": ["Filters"]}, "AddressIds", "AddressIds Filters")

    def test_flat(self) -> None:
        self.assertEqual(flat("a (\xa0B\xa0 , c\n C\xa0) d"), "a (B, c C) d")

    def test_mutual_and_merged(self) -> None:
        stated: dict[str, dict[str, str | list[str]]] = {"A": {"exclusive": ["B"]}, "B": {}}
        make_mutual(stated)
        self.assertEqual(stated["B"], {"exclusive": ["A"]})
        self.assertEqual(merged({"enum": ["1"], "min": "1"}, {"enum": None, "max": "2"}), {"min": "1", "max": "2"})

    def test_escaping(self) -> None:
        words = constraint_words({"enum": ["a b", "c,d"], "default": "5%="})
        self.assertEqual(words, " enum=a%20b,c%2Cd default=5%25%3D")


class Examples(unittest.TestCase):
    def test_lines_broken_by_width(self) -> None:
        text = '{\n\n"Message": "check your si\ngnature"\n\n}'
        self.assertEqual(logical_lines(lines_of(text)), ["{", '"Message": "check your signature"', "}"])

    def test_query(self) -> None:
        tags = Parameter("Tags", False, "Array of Tag", {}, 1)
        limit = Parameter("Limit", False, "Integer", {}, 2)
        action = Action("A", "", 20, "", "optional", [tags, limit])
        structure = Structure("Tag", [Member("Key", "required", "String", {}, 1)])
        types = Types(Service("s", "v", "", [], [], [action], [structure], []))
        pairs = query_pairs("https://host/?Action=A&Tags.1.Key=b&Tags.0.Key=2&Limit=20&<Common request parameters>")
        self.assertEqual(nested(pairs, "A", types), {"Tags": [{"Key": "2"}, {"Key": "b"}], "Limit": 20})


class Whole(unittest.TestCase):
    def setUp(self) -> None:
        if not all(list(BOOK_FOLDER.glob(f"{which.file}*.txt")) for which in BOOKS):
            self.skipTest("the provider's books are not at hand")

    def run_script(self, name: str, folder: str) -> str:
        command = [sys.executable, "-B", str(HERE / name), str(BOOK_FOLDER), "--out", folder]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def test_facts_are_reproduced(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report = self.run_script("import.py", folder)
            for name in ("EcmFacts.swift", "CvmFacts.swift"):
                stored = REPOSITORY / "Sources" / "CloudCatalog" / "Facts" / name
                self.assertEqual((Path(folder) / name).read_bytes(), stored.read_bytes(), f"{name} is stale")
        for count in ("124 actions, 409 parameters", "99 structures, 543 members, 1155 action-error pairs",
                      "77 actions, 347 parameters", "62 structures, 377 members, 1610 action-error pairs"):
            self.assertIn(count, report)

    def test_fixtures_are_reproduced(self) -> None:
        stored = REPOSITORY / "Tests" / "Fixtures" / "examples"
        with tempfile.TemporaryDirectory() as folder:
            report = self.run_script("examples.py", folder)
            made = {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*.json")}
        self.assertEqual(made, {str(path.relative_to(stored)): path.read_bytes() for path in stored.rglob("*.json")})
        self.assertIn("ecm: 130 examples of 124 actions, unread: []", report)
        self.assertIn("cvm: 90 examples of 77 actions, unread: []", report)

    def test_every_override_is_for_a_service_of_the_books(self) -> None:
        self.assertGreater(len(overrides_of("ecm")), 0)
        self.assertGreater(len(overrides_of("cvm")), 0)


if __name__ == "__main__":
    unittest.main()
