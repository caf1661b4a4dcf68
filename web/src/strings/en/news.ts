export const news = {
  titles: { assigned: 'An issue was given to you', reply: 'A customer replied', critical: 'An issue is critical', mention: 'You were mentioned' },
}
