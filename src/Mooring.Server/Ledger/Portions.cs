namespace Mooring.Server.Ledger;

/// <summary>
/// A long list, read portion by portion in the order of its key: memory for one portion, and no reader that stays open
/// on the connection, of which PostgreSQL allows one at a time.
/// </summary>
/// <param name="read">Reads what follows a row, or the first portion; an empty one is the end.</param>
internal sealed class Portions<T>(Func<T?, Task<List<T>>> read)
    where T : class
{
    /// <summary>Rows of a portion.</summary>
    public const int Size = 1_000;

    private List<T> _portion = [];
    private int _at;

    /// <summary>The row that it stands at; null at the end.</summary>
    public T? Current { get; private set; }

    /// <summary>Goes to the next row, and to the first one at first.</summary>
    public async Task MoveAsync()
    {
        if (++_at >= _portion.Count)
        {
            _portion = await read(Current);
            _at = 0;
        }

        Current = _at < _portion.Count ? _portion[_at] : null;
    }
}
