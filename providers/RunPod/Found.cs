namespace Mooring.Providers.RunPod;

/// <summary>What bears a name.</summary>
/// <param name="All">Each of them, the one to be kept first.</param>
/// <param name="IsListed">
/// Whether a list shows them. Only a list would show a second one: before that, nothing counts as ready.
/// </param>
/// <param name="HiddenId">
/// Where nothing bears it: the id of one that RunPod said a moment ago that it made, and shows nowhere yet.
/// </param>
internal sealed record Found<T>(IReadOnlyList<T> All, bool IsListed, string? HiddenId = null)
{
    public int Count => All.Count;
}
