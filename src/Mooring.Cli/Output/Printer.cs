using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mooring.Contract.Json;

namespace Mooring.Cli.Output;

/// <summary>
/// What a verb answers on standard output: JSON as the server writes it, indented, or a table or lines for people.
/// </summary>
internal sealed class Printer(Surroundings around, bool isJson)
{
    /// <summary>The contract's JSON, indented.</summary>
    public static readonly ContractJson Json =
        new(new JsonSerializerOptions(ContractJson.Wire.Options) { WriteIndented = true });

    public bool IsJson => isJson;

    /// <summary>A list: in JSON an array of its rows.</summary>
    public void Rows<T>(IReadOnlyList<T> rows, JsonTypeInfo<T> type, Table<T> table, string ifNone)
    {
        if (isJson)
        {
            WriteArray(rows, type);
        }
        else if (rows.Count == 0)
        {
            around.Error.WriteLine(ifNone);
        }
        else
        {
            table.Write(around.Output, rows, around.Width, around.HasColours);
        }
    }

    /// <summary>One thing: in JSON its object, else lines of a name and a value; null values are left out.</summary>
    public void Details<T>(T value, JsonTypeInfo<T> type, params IReadOnlyList<(string Name, string? Value)> details)
    {
        if (isJson)
        {
            around.Output.WriteLine(JsonSerializer.Serialize(value, type));
            return;
        }

        var shown = details.Where(detail => detail.Value is not null).ToList();
        var width = shown.Select(detail => detail.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, text) in shown)
        {
            around.Output.WriteLine($"{Cells.Pad(name, width)}  {Paint(name, Printable.Line(text!))}");
        }
    }

    /// <summary>What was done: in JSON the server's answer, else sentences.</summary>
    public void Lines<T>(T value, JsonTypeInfo<T> type, params IReadOnlyList<string> lines)
    {
        if (isJson)
        {
            around.Output.WriteLine(JsonSerializer.Serialize(value, type));
            return;
        }

        foreach (var line in lines)
        {
            around.Output.WriteLine(Printable.Line(line));
        }
    }

    private string Paint(string name, string text) =>
        around.HasColours && name == "status" ? Colours.Paint(text, Colours.OfStatus(text.Split(' ')[0])) : text;

    private void WriteArray<T>(IReadOnlyList<T> rows, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = type.Options.Encoder };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartArray();
            foreach (var row in rows)
            {
                JsonSerializer.Serialize(writer, row, type);
            }

            writer.WriteEndArray();
        }

        around.Output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
