using CsCheck;
using Mooring.Cli.Output;

namespace Mooring.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" two\tcolumns \r\n", "two columns")]
    [InlineData("\u001b[2Jhidden\u0007", "?[2Jhidden?")]
    [InlineData("a\nb", "a b")]
    public void Makes_one_line_without_control_characters(string text, string line) =>
        Printable.Line(text).ShouldBe(line);

    [Fact]
    public void No_text_keeps_a_control_character() =>
        Gen.String.Sample(text => Printable.Line(text).ShouldAllBe(character => !char.IsControl(character)));

    [Fact]
    public void Splits_into_lines_and_drops_empty_ones() =>
        Printable.Lines("one\r\n\n two\u001b\n").ShouldBe(["one", "two?"]);
}
